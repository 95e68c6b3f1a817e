import { expect, test } from 'vitest';
import { ownModule } from './own-module.ts';

test.each([
  ['./prober-thread.ts', 'file:///clone/probes/prober.ts', 'file:///clone/probes/prober-thread.ts'],
  ['./prober-thread.ts', 'file:///package/dist/probes/prober.js', 'file:///package/dist/probes/prober-thread.js'],
  ['../a.drill.ts', 'file:///package/dist/drills/kit/b.js', 'file:///package/dist/drills/a.drill.js'],
])('%s of %s', (source, from, at) => expect(ownModule(source, from).href).toBe(at));
