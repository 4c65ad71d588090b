import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Command } from 'commander';
import pc from 'picocolors';
import { DAY_MS } from '../../../domain/clock.ts';
import { backupNamed } from '../../../ledger/backup/retention.ts';
import { signedCheckpoints } from '../../../ledger/audit/evidence.ts';
import { standingOf, standingWarning } from '../../../ledger/roles/standing.ts';
import { LIMITS_HASH } from '../../../risk-kernel/limits-in-force.ts';
import { backupsIn } from '../../backups.ts';
import { auditDirOf } from '../../custody.ts';
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
/** Older than that, more is lost than anybody remembers. */
const BACKUP_DAYS_MAX = 1;

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
    await record(flags.dataDir),
    backups(flags.dataDir),
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
    const warning = standingWarning(await standingOf(opened.pool));
    await opened.close();
    if (warning !== undefined) return { what: 'database', state: 'note', found: warning };
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

/** How far the record was signed, and where that lies. */
async function record(dataDir: string): Promise<Examination> {
  const what = 'record';
  const auditDir = auditDirOf(locate(undefined, { kind: 'directory', dataDir }));
  const signed = await signedCheckpoints(auditDir, 0);
  if ('fault' in signed) return { what, state: 'bad', found: signed.sentence };
  const last = signed.at(-1);
  if (last === undefined) return { what, state: 'note', found: 'nothing is signed yet' };
  const found = `signed up to event ${last.size.toLocaleString('en')} ${age(last.atMs)}, in ${auditDir}`;
  return { what, state: 'ok', found };
}

/** A record that lies in one place is lost with it. */
function backups(dataDir: string): Examination {
  const what = 'backup';
  const folder = backupsIn(dataDir);
  const files = existsSync(folder)
    ? readdirSync(folder).flatMap((name) => backupNamed(name) ?? [])
    : [];
  const newestMs = Math.max(...files.map(({ atMs }) => atMs));
  if (files.length === 0)
    return { what, state: 'note', found: `none in ${folder}; "plimsoll backup"` };
  const state = Date.now() - newestMs > BACKUP_DAYS_MAX * DAY_MS ? 'note' : 'ok';
  return { what, state, found: `${files.length} in ${folder}, the newest ${age(newestMs)}` };
}

function age(atMs: number): string {
  const days = Math.floor((Date.now() - atMs) / DAY_MS);
  return days === 0 ? 'today' : days === 1 ? 'yesterday' : `${days} days ago`;
}

/** Nobody should need the kill switch for the first time on the day it is needed. */
function drills(dataDir: string): Examination {
  const what = 'drill';
  const last = lastDrill(dataDir);
  if (last === undefined)
    return { what, state: 'note', found: 'the kill switch was never rehearsed; "plimsoll drill"' };
  const { atMs, ok, noNewOrdersMs, canceledMs, flatMs, rehearse } = last;
  if (!ok)
    return { what, state: 'bad', found: `the last one, ${age(atMs)}, failed; "plimsoll drill"` };
  const day = rehearse === 'calm' ? '' : ` on a day of ${rehearse}`;
  const times = `no new orders ${noNewOrdersMs} ms, canceled ${canceledMs} ms, flat ${flatMs} ms`;
  const isOld = Date.now() - atMs >= DRILL_DAYS_MAX * DAY_MS;
  return { what, state: isOld ? 'note' : 'ok', found: `${age(atMs)}${day}: ${times}` };
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
