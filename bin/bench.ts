// Prints what was measured on this machine beside what was promised. It asserts nothing: a busy machine is no bug.
import { availableParallelism, loadavg } from 'node:os';
import { dataBench } from './bench-data.ts';
import { drillsBench } from './bench-drills.ts';
import { failoverBench } from './bench-failover.ts';
import { proberBench } from './bench-prober.ts';
import { type BenchPart, notMeasured, rowLine } from './bench-row.ts';
import { stageBench } from './bench-stage.ts';
import { EXIT } from './exit.ts';

const PARTS: readonly BenchPart[] = [stageBench, drillsBench, failoverBench, proberBench, dataBench];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** One part after the other. One that fails says why and does not keep the others from it. */
async function bench(parts: readonly BenchPart[]): Promise<void> {
  print(`Node ${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(2)} at the start`);
  print(rowLine({ name: 'name', measured: 'measured', target: 'target' }));
  for (const part of parts) {
    try {
      for await (const row of part.measure()) print(rowLine(row));
    } catch (error) {
      print(rowLine(notMeasured(part.name, error instanceof Error ? error.message : String(error))));
      process.exitCode = EXIT.harness;
    }
  }
}

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !PARTS.some((part) => part.name === name));
if (unknown === undefined)
  await bench(PARTS.filter(({ name, onlyByName }) => (chosen.length === 0 ? !onlyByName : chosen.includes(name))));
else {
  process.stderr.write(`There is no part "${unknown}". Choose from: ${PARTS.map(({ name }) => name).join(', ')}.\n`);
  process.exitCode = EXIT.harness;
}
