import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Command } from 'commander';
import pc from 'picocolors';
import { DAY_MS } from '../../../domain/clock.ts';
import { LIMITS_HASH } from '../../../risk-kernel/limits-in-force.ts';
import { DEFAULT_DATA_DIR, DEFAULT_PORT } from '../../defaults.ts';
import { HaltFile } from '../../server/halt/halt-file.ts';
import { locate, openForReading } from '../../storage.ts';
import { lastDrill } from '../drill/drills.ts';
import { wholeNumber } from '../options.ts';
import { printJson, printLine } from '../output.ts';
import { findServer } from '../running-server.ts';

interface Flags {
  readonly dataDir: string;
  readonly port: number;
  readonly json: boolean;
}

/** Older than that, nobody remembers how it went. */
const DRILL_DAYS_MAX = 30;

/** `note` is worth knowing and stops nothing. */
interface Examination {
  readonly what: string;
  readonly state: 'ok' | 'note' | 'bad';
  readonly found: string;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Look at this machine and say what would keep Plimsoll from running well.')
    .option('--data-dir <dir>', 'where the journal is kept', DEFAULT_DATA_DIR)
    .option(
      '--port <n>',
      'the port it would serve on',
      wholeNumber('--port', 1, 65_535),
      DEFAULT_PORT,
    )
    .option('--json', 'print one JSON object', false)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const running = await findServer(flags.dataDir);
  const examinations: Examination[] = [
    node(),
    page(),
    directory(flags.dataDir),
    running === undefined
      ? await port(flags.port)
      : { what: 'server', state: 'ok', found: `Plimsoll runs at ${running.url}` },
    await database(),
    drills(flags.dataDir),
    ...haltFile(flags.dataDir),
    { what: 'limits', state: 'ok', found: `hash ${LIMITS_HASH}` },
  ];
  if (flags.json)
    printJson({ ok: !examinations.some(({ state }) => state === 'bad'), examinations });
  else for (const examination of examinations) printLine(lineOf(examination));
  const bad = examinations.filter(({ state }) => state === 'bad').map(({ what }) => what);
  if (bad.length > 0) throw new Error(`not ready: ${bad.join(', ')}`);
}

function node(): Examination {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const old = major < 20 || (major === 20 && minor < 19);
  const found = `Node ${process.versions.node}`;
  if (old) return { what: 'node', state: 'bad', found: `${found}; 20.19 or newer is needed` };
  if (major < 22)
    return { what: 'node', state: 'note', found: `${found} works; 22 or 24 is recommended` };
  return { what: 'node', state: 'ok', found };
}

function page(): Examination {
  const built = existsSync(new URL('../../../web/index.html', import.meta.url));
  if (built) return { what: 'page', state: 'ok', found: 'built' };
  return { what: 'page', state: 'bad', found: 'not built; run "npm run build"' };
}

function directory(dataDir: string): Examination {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
    return { what: 'directory', state: 'ok', found: `${dataDir} can be written` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { what: 'directory', state: 'bad', found: `${dataDir} cannot be written: ${reason}` };
  }
}

function port(number: number): Promise<Examination> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () =>
      resolve({
        what: 'port',
        state: 'bad',
        found: `${number} is taken; choose another with --port`,
      }),
    );
    probe.listen(number, '127.0.0.1', () =>
      probe.close(() => resolve({ what: 'port', state: 'ok', found: `${number} is free` })),
    );
  });
}

async function database(): Promise<Examination> {
  const location = locate(undefined, { kind: 'memory' });
  if (location.kind !== 'server') {
    const found =
      'embedded PostgreSQL: survives a crash of the process, not of the power; simulation only';
    return { what: 'database', state: 'note', found };
  }
  try {
    const opened = await openForReading(location);
    const { rows } = await opened.pool.query<{ version: string; fsync: string }>(
      "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync",
    );
    await opened.close();
    const { version = 'unknown', fsync = 'unknown' } = rows[0] ?? {};
    const found = `PostgreSQL ${version}, fsync ${fsync}`;
    return { what: 'database', state: fsync === 'on' ? 'ok' : 'note', found };
  } catch (error) {
    return {
      what: 'database',
      state: 'bad',
      found: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Nobody should need the kill switch for the first time on the day it is needed. */
function drills(dataDir: string): Examination {
  const what = 'drill';
  const last = lastDrill(dataDir);
  if (last === undefined)
    return { what, state: 'note', found: 'the kill switch was never rehearsed; "plimsoll drill"' };
  const { atMs, ok, noNewOrdersMs, canceledMs, flatMs, rehearse } = last;
  const days = Math.floor((Date.now() - atMs) / DAY_MS);
  const age = days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
  if (!ok) return { what, state: 'bad', found: `the last one, ${age}, failed; "plimsoll drill"` };
  const day = rehearse === 'calm' ? '' : ` on a day of ${rehearse}`;
  const times = `no new orders ${noNewOrdersMs} ms, canceled ${canceledMs} ms, flat ${flatMs} ms`;
  const old = days >= DRILL_DAYS_MAX;
  return { what, state: old ? 'note' : 'ok', found: `${age}${day}: ${times}` };
}

function haltFile(dataDir: string): readonly Examination[] {
  const file = new HaltFile(dataDir);
  if (!file.isPresent()) return [];
  const found = `${file.path} is there: everything is stopped until it is removed`;
  return [{ what: 'halt', state: 'note', found }];
}

function lineOf({ what, state, found }: Examination): string {
  const mark = { ok: pc.green('✓'), note: pc.yellow('!'), bad: pc.red('✗') }[state];
  return `  ${mark} ${pc.dim(what.padEnd(10))} ${found}`;
}
