import { buildConnector, Client, type Dispatcher, Pool } from 'undici';
import type { HttpAnswer } from './core/answer.ts';
import type { ConnectTo, HttpRequestSpec } from './core/probe-spec.ts';

/** An idle connection is kept as long as the server lets it live: an old user's. */
const KEEP_ALIVE_MS = 600_000;

/** A new connection with a new look-up, for one request. The caller destroys it. */
export function freshConnection(url: string, connectTo: ConnectTo | undefined): Client {
  // No cached TLS session either: a new user has none.
  return new Client(new URL(url).origin, { ...WITHOUT_TIMEOUTS, connect: connector(connectTo, 0) });
}

/** Connections that are reused for as long as they live. */
export function keptAlivePool(url: string, connectTo: ConnectTo | undefined): Pool {
  return new Pool(new URL(url).origin, {
    ...WITHOUT_TIMEOUTS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: connector(connectTo),
  });
}

// The one deadline is the signal's; undici's own limits would only blur the reason.
const WITHOUT_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0, pipelining: 1 } as const;

/** Connects elsewhere than the URL says; the Host header and the TLS server name stay the URL's. */
function connector(connectTo: ConnectTo | undefined, maxCachedSessions?: number): buildConnector.connector {
  const connect = buildConnector({
    allowH2: false,
    ...(maxCachedSessions === undefined ? {} : { maxCachedSessions }),
  });
  if (connectTo === undefined) return connect;
  const { address, port } = connectTo;
  return (options, callback) => connect({ ...options, hostname: address, port: String(port) }, callback);
}

/**
 * Sends one request and reads its answer to the end; redirects are not followed. Rejects with the
 * signal's reason, or with why there was no answer, or when the body is longer than `bodyLimitBytes`.
 */
export async function exchange(
  dispatcher: Dispatcher,
  request: HttpRequestSpec,
  signal: AbortSignal,
  bodyLimitBytes: number,
): Promise<HttpAnswer> {
  const { origin, pathname, search } = new URL(request.url);
  const response = await dispatcher.request({
    origin,
    path: pathname + search,
    method: request.method,
    headers: request.headers ?? {},
    body: request.body ?? null,
    signal,
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyLimitBytes) throw new Error(`body over ${bodyLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode, body: Buffer.concat(chunks).toString('utf8') };
}
