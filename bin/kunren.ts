import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { TOOL_VERSION } from '../drills/kit/version.ts';
import { KunrenError } from '../probes/core/error.ts';
import type { DoctorFlags } from './doctor.ts';
import { MAIN_JOB } from './drill-ids.ts';
import { EXIT } from './exit.ts';
import {
  DOCTOR_HELP,
  EXIT_CODES_HELP,
  PLAN_HELP,
  RECOVER_ROWS_HELP,
  rehearseHelp,
  STOP_HELP,
  SWEEP_HELP,
} from './help-text.ts';
import type { InitFlags } from './init.ts';
import type { PlanFlags } from './plan.ts';
import type { RecoverRowsFlags } from './recover.ts';
import type { RehearseFlags } from './rehearse.ts';
import type { SweepFlags } from './sweep.ts';

// Each command reads only what it needs: what refuses, plans or stops must not wait for what drills.
const program = new Command('kunren')
  .description('Disaster-recovery drills: break it, measure it from outside, bring it back, prove it.')
  .version(TOOL_VERSION)
  .addHelpText('after', EXIT_CODES_HELP)
  .exitOverride()
  // Every refusal is printed in one place, at the end of this file.
  .configureOutput({ outputError: () => {} });

program
  .command('rehearse')
  .description(`run drills (default: ${MAIN_JOB.join(', ')}) and judge them`)
  .argument('[drill...]', 'ids of drills, listed below')
  .option('--all', 'every drill there is')
  .option('--stage <stage>', 'where to run them: twin, localstack or aws', 'twin')
  .option('--endpoint <url>', 'stage localstack: its AWS endpoint (default: of the config, else http://127.0.0.1:4566)')
  .option('--account <id>', 'stage aws: the account that is meant; STS must say the same')
  .option('--confirm <system>', "stage aws: the system's name, said once more")
  .option('--outside-window <reason>', 'stage aws: why now, outside the maintenance windows; goes into the evidence')
  .option('--weather <weather>', "the twin's: fair (default), or rough: its API throttles, lags and loses events")
  .option('--config <file>', 'the system description (default: kunren.config.ts)')
  .option('--json', 'print one JSON document on standard output')
  .option('--seed <n>', 'seed of what is chosen at random', integer, 1)
  .option('--restore-to <instant>', 'what point-in-time-restore restores to, e.g. 2025-10-25T12:30:00+09:00')
  .option('--spoil <name>', 'spoil the twin on purpose, listed below: the drills must notice')
  .addOption(viaFis())
  .addOption(allowNotRun())
  .addHelpText('after', rehearseHelp)
  .addHelpText('after', EXIT_CODES_HELP)
  .action(async (drills: string[], flags: RehearseFlags) =>
    exit(await (await import('./rehearse.ts')).rehearse(drills, flags)),
  );

program
  .command('judge')
  .description('judge the evidence of a stored run again, by the objectives of today')
  .argument('<run>', 'a run id, a folder name in reports/runs, or latest')
  .option('--config <file>', 'the system description (default: kunren.config.ts)')
  .option('--json', 'print one JSON document on standard output')
  .addOption(allowNotRun())
  .addHelpText('after', EXIT_CODES_HELP)
  .action(async (run: string, flags: { config?: string; json?: true; allowNotRun: string[] }) =>
    exit(await (await import('./judge.ts')).judge(run, flags)),
  );

program
  .command('report')
  .description('render the report of a stored run again')
  .argument('<run>', 'a run id or latest')
  .option('--config <file>', 'the system description (default: kunren.config.ts)')
  .action(async (run: string, flags: { config?: string }) =>
    exit(await (await import('./judge.ts')).report(run, flags)),
  );

const stage = program.command('stage').description('a twin of your own, to look around in');
stage
  .command('up')
  .description('start a twin with the system on it')
  .option('--config <file>', 'the system description (default: kunren.config.ts)')
  .option('--port <n>', 'the port of its AWS endpoint (default: any free one)', port)
  .option('--pace <pace>', 'how fast its parts change: fast or aws', 'fast')
  .action(async (flags: { config?: string; port?: number; pace: string }) =>
    exit(await (await import('./stage.ts')).stageUp(flags)),
  );
stage
  .command('status')
  .description('say which twin is up (exit 0), or that none is (exit 2)')
  .option('--json', 'print one JSON document on standard output')
  .action(async (flags: { json?: true }) => exit(await (await import('./stage.ts')).stageStatus(flags)));
stage
  .command('down')
  .description('end it')
  .action(async () => exit(await (await import('./stage.ts')).stageDown()));

const recover = program.command('recover').description('bring data back, in a drill or in earnest');
recover
  .command('rows')
  .description('insert the rows that a restored database has and production no longer has')
  .requiredOption('--from <url>', 'the restored database')
  .requiredOption('--to <url>', 'production')
  .requiredOption('--table <name>', 'a table, as in SQL (repeatable)', collect)
  .option('--where <condition>', 'in SQL: only rows of --from that fulfil it')
  .option('--plan', 'only show what would be done (default)')
  .option('--apply', 'do it')
  .option('--json', 'print one JSON document on standard output')
  .addHelpText('after', RECOVER_ROWS_HELP)
  .action(async (flags: RecoverRowsFlags) => exit(await (await import('./recover.ts')).recoverRows(flags)));

program
  .command('plan')
  .description('print what a drill would do in an account, call by call; asks nobody and touches nothing')
  .argument('<drill>', 'the id of a drill')
  .option('--stage <stage>', 'where it would run', 'aws')
  .option('--account <id>', 'the account, in the ARNs it prints')
  .option('--config <file>', 'the system description (default: kunren.config.ts)')
  .addOption(viaFis())
  .option('--json', 'print one JSON document on standard output')
  .addHelpText('after', PLAN_HELP)
  .action(async (drill: string, flags: PlanFlags) => exit(await (await import('./plan.ts')).plan(drill, flags)));
program
  .command('iam-policy')
  .description('print the least IAM policy under which drills can be run')
  .argument('<drill...>', 'ids of drills')
  .option('--account <id>', 'the account, in the ARNs it prints')
  .option('--config <file>', 'the system description (default: kunren.config.ts)')
  .addOption(viaFis())
  .action(async (drills: string[], flags: Omit<PlanFlags, 'stage'>) =>
    exit(await (await import('./plan.ts')).iamPolicy(drills, flags)),
  );

program
  .command('stop')
  .description('end the run that is in progress, from another shell, and wait until it has undone')
  .addHelpText('after', STOP_HELP)
  .action(async () => exit(await (await import('./stop.ts')).stop()));
program
  .command('sweep')
  .description('remove whatever killed runs left behind')
  .option('--stage <stage>', 'also an account of which no journal is here: localstack or aws')
  .option('--config <file>', 'the system in it (default: kunren.config.ts)')
  .option('--endpoint <url>', 'of stage localstack')
  .option('--account <id>', 'of stage aws: the account that is meant')
  .option('--confirm <system>', 'of stage aws: the name of the system, once more')
  .option('--run <id>', 'a run of another machine that is dead (repeatable)', collect, [])
  .addHelpText('after', SWEEP_HELP)
  .action(async (flags: SweepFlags) => exit(await (await import('./sweep.ts')).sweep(flags)));
program
  .command('init')
  .description('write a kunren.config.ts out of what an account tells by read-only calls')
  .option('--region <region>', 'where the system is', 'ap-northeast-1')
  .option('--endpoint <url>', 'ask this endpoint in place of AWS', url)
  .option('--database <id>', 'the RDS instance, where there are several')
  .option('--cluster <name>', 'the ECS cluster, where there are several')
  .option('--out <file>', 'the file to write', 'kunren.config.ts')
  .option('--force', 'replace the file if it exists')
  .action(async (flags: InitFlags) => exit(await (await import('./init.ts')).init(flags)));
program
  .command('doctor')
  .description('check that this machine can run drills, and that the config fits an account')
  .option('--stage <stage>', 'the account to look at: twin (that of stage up), localstack or aws')
  .option('--endpoint <url>', 'of stage localstack', url)
  .option('--config <file>', 'the system description (default: kunren.config.ts)')
  .addHelpText('after', DOCTOR_HELP)
  .action(async (flags: DoctorFlags) => exit(await (await import('./doctor.ts')).doctor(flags)));

function integer(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Give a whole number.');
  return value;
}

function url(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('Give a URL, e.g. http://127.0.0.1:4566.');
  }
  return text;
}

function port(text: string): number {
  const value = integer(text);
  if (value < 1 || value > 65_535) throw new InvalidArgumentError('Give a port, 1 to 65535.');
  return value;
}

function viaFis(): Option {
  return new Option('--via <service>', 'cause faults through this service where they can be').choices(['fis']);
}

function allowNotRun(): Option {
  return new Option('--allow-not-run <id>', 'a drill that may be not-run without exit 2 (repeatable)')
    .argParser(collect)
    .default([], 'none');
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Everything is closed when a command returns; what lingers (a keep-alive socket) must not hold the process. */
function exit(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.exit(code));
}

/** One line with the remedy; what nobody foresaw is a bug and shows where it is. */
function wordsOf(error: unknown): string {
  if (error instanceof KunrenError) return error.message;
  if (!(error instanceof CommanderError)) return (error as Error)?.stack ?? String(error);
  const problem = error.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return `${problem}${/[.)]$/.test(problem) ? '' : '.'} Remedy: kunren help, or a command with --help, says what there is. [usage]`;
}

// Nobody may read any more what is printed, as behind a `tee` that Ctrl-C has ended: what was begun is undone all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
// Node would end with 1, which means that an objective was missed.
process.on('uncaughtException', (error) => {
  process.stderr.write(`kunren: ${wordsOf(error)}\n`);
  process.exit(EXIT.harness);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) process.exit(0);
    // Without a command its help has been printed: that is the answer.
    if (error.code === 'commander.help') process.exit(EXIT.harness);
  }
  process.stderr.write(`kunren: ${wordsOf(error)}\n`);
  process.exit(EXIT.harness);
}
