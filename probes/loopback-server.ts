// A thread with a small HTTP server of known behaviour, for measuring the measuring.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parentPort } from 'node:worker_threads';
import { machineClock } from './clock.ts';
import { listenOnFixedPort } from './fixed-port.ts';

/** Asks it to be unreachable for a while: no listener, no connections. */
export interface OutageOrder {
  readonly outageForMs: number;
}

/** The outage as it truly was, in ms on the run's monotonic clock. */
export interface OutageTruth {
  readonly fromMs: number;
  readonly toMs: number;
}

if (parentPort !== null) {
  const owner = parentPort;
  const server = createServer((_, response) => response.end('ok'));
  const port = await listenOnFixedPort(server);
  owner.on('message', async ({ outageForMs }: OutageOrder) => {
    const fromMs = machineClock.nowMs();
    server.close();
    server.closeAllConnections();
    await machineClock.sleep(outageForMs);
    server.listen(port, '127.0.0.1');
    const toMs = machineClock.nowMs();
    await once(server, 'listening');
    owner.postMessage({ fromMs, toMs } satisfies OutageTruth);
  });
  owner.postMessage(port);
}
