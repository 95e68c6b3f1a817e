import { once } from 'node:events';
import type { Server } from 'node:net';
import { threadId } from 'node:worker_threads';

/**
 * Ports that no outgoing connection is given by itself (the ephemeral range begins at 32768 on Linux:
 * ip_local_port_range), so that a closed one stays free until it is listened on again, and a
 * connection to it cannot meet itself.
 */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/** Listens on loopback, on a port that can be closed and opened again; returns it. */
export async function listenOnFixedPort(server: Server): Promise<number> {
  // Different processes and threads begin at different places.
  const start = process.pid * 37 + threadId * 101;
  for (let i = 0; ; i += 1) {
    const port = FIRST_PORT + ((start + i) % PORTS);
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || i === PORTS) throw error;
    }
  }
}
