import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// docker-compose.yml is run where there is Docker, which is not everywhere: here its text is looked at.

const text = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

test('LocalStack is handed its token, and without one nothing starts but a message that names the twin', () => {
  const [, message] = text.match(/LOCALSTACK_AUTH_TOKEN: >- \$\{LOCALSTACK_AUTH_TOKEN:\?([^}]+)\}/) ?? [];
  expect(message).toMatch(/ends with exit code 55 without a token: get one from LocalStack .* or rehearse on the twin/);
});

test('it is the image that is tested, on loopback', () => {
  const tested = readFileSync(new URL('emulators/localstack.container.test.ts', import.meta.url), 'utf8');
  const [, image] = tested.match(/const IMAGE = '([^']+)'/) ?? [];
  expect(text).toContain(`image: ${image} ports: ["127.0.0.1:4566:4566"]`);
});

test('a Postgres is beside it, on loopback, with a password of one’s own', () => {
  expect(text).toMatch(/postgres: image: postgres:18 ports: \["127\.0\.0\.1:5432:5432"\]/);
  expect(text).toMatch(/POSTGRES_PASSWORD: \$\{KUNREN_POSTGRES_PASSWORD:\?[^}]+\}/);
});
