import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between the SDK and an AWS endpoint, lets everything through, and keeps which calls were made. */
export interface RecordingProxy {
  readonly endpoint: string;
  /** Each call so far, by its operation as AWS names it; by method and path where a service speaks REST. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

/** `clockShiftMs`: by how much the endpoint's clock, as its answers tell it, goes wrong. */
export async function startRecordingProxy(target: string, clockShiftMs = 0): Promise<RecordingProxy> {
  const calls: string[] = [];
  const { hostname, port } = new URL(target);
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method = '', url: path = '', headers } = incoming;
    calls.push(operationOf(method, path, headers['x-amz-target'], body.toString('latin1')));
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      const date = new Date(Date.now() + clockShiftMs).toUTCString();
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${own}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The four ways in which the services of AWS name an operation: JSON, CBOR, query, REST. */
function operationOf(method: string, path: string, target: string | string[] | undefined, body: string): string {
  if (typeof target === 'string') return target.slice(target.lastIndexOf('.') + 1);
  const [, cbor] = /\/operation\/(\w+)$/.exec(path) ?? [];
  const [, query] = /(?:^|&)Action=(\w+)/.exec(body) ?? [];
  return cbor ?? query ?? `${method} ${path}`;
}
