import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { machineClock } from './clock.ts';
import { databaseIdentity } from './database-identity.ts';
import { listenOnFixedPort } from './fixed-port.ts';
import { sqlProbe } from './sql-probe.ts';

// Just enough of the server's side of the protocol (PostgreSQL manual, "Message Formats").
const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const errorResponse = (sqlState: string): Buffer =>
  message('E', Buffer.from(`SFATAL\0C${sqlState}\0Mtold by the test\0\0`));
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);

async function databaseAt(onData: (socket: Socket, turn: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let turn = 0;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {
      onData(socket, turn);
      turn += 1;
    });
  });
  const port = await listenOnFixedPort(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `postgres://someone@127.0.0.1:${port}/db`;
}

const ask = (databaseUrl: string) =>
  sqlProbe({ kind: 'sql', name: 'db', databaseUrl, intervalMs: 100, deadlineMs: 200, slowMs: 100 }).ask(
    0,
    machineClock.nowMs(),
  );

test.each<{ name: string; onData: (socket: Socket, turn: number) => void; reason: string }>([
  { name: 'accepts and says nothing', onData: () => {}, reason: 'deadline' },
  {
    name: 'goes silent after the welcome',
    onData: (socket, turn) => turn === 0 && socket.write(welcome),
    reason: 'deadline',
  },
  { name: 'is starting up', onData: (socket) => socket.end(errorResponse('57P03')), reason: 'sql 57P03' },
  { name: 'closes at once', onData: (socket) => socket.end(), reason: 'reset' },
  {
    name: 'is shut down by its administrator while asked',
    onData: (socket, turn) => (turn === 0 ? socket.write(welcome) : socket.end(errorResponse('57P01'))),
    reason: 'sql 57P01',
  },
  {
    name: 'is shut down before it is asked',
    onData: (socket) => socket.end(Buffer.concat([welcome, errorResponse('57P01')])),
    reason: 'sql 57P01',
  },
  {
    name: 'is read-only for what it is asked',
    onData: (socket, turn) => (turn === 0 ? socket.write(welcome) : socket.end(errorResponse('25006'))),
    reason: 'sql 25006',
  },
])('a database that $name is bad, by its deadline', async ({ onData, reason }) => {
  const sample = await ask(await databaseAt(onData));
  expect(sample).toMatchObject({ outcome: 'bad', reason });
  expect(sample.answeredAtMs - sample.sentAtMs).toBeLessThan(500);
});

test('a database that is not there is bad', async () => {
  const server = createServer();
  const port = await listenOnFixedPort(server);
  await new Promise((resolve) => server.close(resolve));
  const url = `postgres://someone@127.0.0.1:${port}/db`;
  expect(await ask(url)).toMatchObject({ outcome: 'bad', reason: 'connect ECONNREFUSED' });
  await expect(databaseIdentity(url, 200)).rejects.toThrow(/ECONNREFUSED.*database-not-answering/);
});
