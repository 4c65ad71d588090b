/** The commands over files and a store on disk, called as the command line calls them. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { describeWithData } from '../../../../tests/support/data.ts';
import { BadInput } from '../../errors.ts';
import { addData } from '../data.ts';

const HEADER = 'timestamp_ms,open,high,low,close,volume';
const HOUR = 3_600_000;
const row = (hour: number, close = 11): string => `${hour * HOUR},10,30,5,${close},5`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-data-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function file(name: string, ...rows: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${[HEADER, ...rows].join('\n')}\n`);
  return path;
}

/** What is printed, and what was thrown at the end, if anything. */
async function data(...args: readonly string[]): Promise<{ out: string; error: unknown }> {
  let out = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const program = new Command().exitOverride();
  addData(program);
  let error: unknown;
  try {
    await program.parseAsync(['data', ...args, '--candles-dir', join(folder, 'kept')], {
      from: 'user',
    });
  } catch (thrown) {
    error = thrown;
  } finally {
    write.mockRestore();
  }
  return { out, error };
}

async function json<T>(...args: readonly string[]): Promise<T> {
  const { out, error } = await data(...args, '--json');
  expect(error).toBeUndefined();
  return JSON.parse(out) as T;
}

async function refusal(...args: readonly string[]): Promise<string> {
  const { error } = await data(...args);
  expect(error).toBeInstanceOf(BadInput);
  return (error as BadInput).message;
}

describe('import', () => {
  test('brings files in and says what came of it', async () => {
    const { out, error } = await data('import', file('btcusd.csv', row(1), row(2)));
    expect(error).toBeUndefined();
    expect(out).toContain('btcusd.csv → BTC/USD 1h');
    expect(out).toContain('2, 1970-01-01 01:00 to 1970-01-01 02:00 UTC');
    expect(out).toContain('2 added, 0 unchanged, 0 replaced');
  });

  test('takes any instrument that is named, and what freqtrade’s names tell', async () => {
    await data('import', file('mine.csv', row(1), row(2)), '--instrument', 'DOGE/USDT');
    writeFileSync(join(folder, 'ETH_BTC-4h.json'), '[[0,1,2,1,2,0],[14400000,1,2,1,2,0]]');
    await data('import', join(folder, 'ETH_BTC-4h.json'));
    const { stored } = await json<{ stored: { instrumentId: string; timeframe: string }[] }>(
      'list',
    );
    expect(stored.map(({ instrumentId, timeframe }) => [instrumentId, timeframe])).toEqual([
      ['DOGE/USDT', '1h'],
      ['ETH/BTC', '4h'],
    ]);
  });

  test('refuses a file with a bad row, and with --skip-bad takes the rest and names the row', async () => {
    const path = file('btcusd.csv', row(1), row(2), 'x', row(3), row(3, 12));
    expect(await refusal('import', path)).toBe(
      `${path}:4: there is 1 field where 6 are wanted (${HEADER}) (and 1 more); ` +
        'nothing was imported, --skip-bad imports the rest',
    );
    expect((await json<{ stored: unknown[] }>('list')).stored).toEqual([]);
    const { out, error } = await data('import', path, '--skip-bad');
    expect(error).toBeUndefined();
    expect(out).toContain('3 added');
    expect(out).toContain('2 of the rows were left out:');
    expect(out).toContain('line 4: there is 1 field');
    expect(out).toContain('line 6: 1970-01-01 03:00 was in 5 before, with other values');
  });

  test('refuses other values for stored bars until --replace', async () => {
    await data('import', file('btcusd.csv', row(1), row(2)));
    const other = file('btcusd-2.csv', row(1), row(2, 12));
    expect(await refusal('import', other)).toContain(
      '1 bar is stored for BTC/USD 1h with other values (1970-01-01T02:00:00.000Z); nothing was added; --replace',
    );
    const { out } = await data('import', other, '--replace');
    expect(out).toContain('0 added, 1 unchanged, 1 replaced');
  });

  test.each([
    ['prices.csv', [], 'does not begin with a known instrument'],
    ['btcusd-4h.csv', [], 'its candles are mostly 60 minutes apart, but its name says 4h'],
    ['btcusd.csv', ['--timeframe', '1d'], 'but --timeframe says 1d'],
    ['btcusd.csv', ['--timeframe', '7m'], '--timeframe "7m" must be one of 1m, 5m'],
    [
      'btcusd.csv',
      ['--instrument', 'DOGE'],
      'others are named by base and quote, such as DOGE/USDT',
    ],
    ['btcusd.csv', ['--timezone', 'Nowhere'], '"Nowhere" is no time zone'],
  ])('%s with %j is refused: %s', async (name, flags, sentence) => {
    expect(await refusal('import', file(name, row(1), row(2)), ...flags)).toContain(sentence);
  });

  test('needs a timeframe for one candle', async () => {
    const path = file('btcusd.csv', row(1));
    expect(await refusal('import', path)).toContain(
      'two candles or more show a timeframe; --timeframe',
    );
    expect((await data('import', path, '--timeframe', '1d')).out).toContain('BTC/USD 1d');
  });

  test('a missing file is refused, whatever its name', async () => {
    expect(await refusal('import', join(folder, 'btcusd.csv'))).toContain('there is no such file');
    expect(await refusal('import', join(folder, 'mine.csv'))).toContain('there is no such file');
  });

  test('a folder of candles that is a file is refused', async () => {
    const path = file('btcusd.csv', row(1), row(2));
    expect(await refusal('import', path, '--candles-dir', path)).toBe(
      `--candles-dir "${path}" is a file; name a folder`,
    );
  });

  test('says what came of the files before the one that fails', async () => {
    const good = file('btcusd.csv', row(1), row(2));
    const { out, error } = await data('import', good, join(folder, 'none.csv'), '--json');
    expect(error).toBeInstanceOf(BadInput);
    expect(JSON.parse(out)).toMatchObject({ files: [{ file: good, added: 2 }] });
  });

  test('tells what it assumed when it refuses, because that may be the fault', async () => {
    const path = join(folder, 'eurusd.csv');
    const rows = ['01:00', '02:00', '02:00', '03:00'].map((at) => `2023-10-29 ${at},10,11,9,10,1`);
    writeFileSync(path, ['time,open,high,low,close,volume', ...rows].join('\n'));
    expect(await refusal('import', path)).toContain(
      'times without a zone were read as UTC; --timezone names another',
    );
    expect((await data('import', path, '--timezone', 'Europe/Berlin')).out).toContain('4 added');
  });

  test('small letters name the same instrument', async () => {
    await data('import', file('mine.csv', row(1), row(2)), '--instrument', 'doge/usdt');
    expect((await data('list')).out).toContain('DOGE/USDT');
  });

  test('bars half an hour apart are refused, and nobody is sent to a timeframe that they are not', async () => {
    const rows = [0, 1, 2].map((i) => `${i * 1_800_000},10,30,5,11,5`);
    expect(await refusal('import', file('btcusd.csv', ...rows))).toContain(
      'if bars are missing, --timeframe says which they are',
    );
  });

  test('numbers are UTC whatever --timezone says, until --local-numbers', async () => {
    const path = file('xauusd.csv', row(7), row(8));
    const zone = ['--timezone', 'America/New_York+7h'];
    expect((await data('import', path, ...zone)).out).toContain(
      'note: times in numbers are UTC and --timezone does not move them',
    );
    const { out } = await data('import', path, ...zone, '--local-numbers');
    expect(out).toContain('2, 1970-01-01 05:00 to 1970-01-01 06:00 UTC');
    expect(await refusal('import', path, '--local-numbers')).toContain('needs --timezone');
  });

  test('prices go in and come out digit for digit', async () => {
    const rows = [
      `${HOUR},0.00000123,0.00000124,0.00000122,0.00000123,123456789.12345678`,
      `${2 * HOUR},123456789.12345678,123456789.12345679,0.1,0.30000000000000004,0`,
    ];
    await data('import', file('btcusd.csv', ...rows));
    const out = join(folder, 'out.csv');
    await data('export', '--instrument', 'BTC/USD', '--timeframe', '1h', '--out', out);
    expect(readFileSync(out, 'utf8')).toBe(`${[HEADER, ...rows].join('\n')}\n`);
  });
});

describe('list', () => {
  test('says what to do when there is nothing', async () => {
    const { out } = await data('list');
    expect(out).toContain('No candles in');
    expect(out).toContain('"plimsoll data import FILE" brings a file in');
  });

  test('follows a link to candles on another disk, and passes by one that leads nowhere', async () => {
    await data('import', file('btcusd.csv', row(1), row(2)));
    const [here, there] = [join(folder, 'kept', 'BTC-USD'), join(folder, 'other-disk')];
    renameSync(here, there);
    symlinkSync(there, here);
    symlinkSync(join(folder, 'nowhere'), join(folder, 'kept', 'ETH-USD'));
    const { stored } = await json<{ stored: unknown[] }>('list');
    expect(stored).toMatchObject([{ instrumentId: 'BTC/USD', bars: 2 }]);
  });

  test('names what is stored and its sources', async () => {
    await data(
      'import',
      file('btcusd-a.csv', row(1), row(2)),
      file('btcusd-b.csv', row(3), row(4)),
    );
    const { out } = await data('list');
    expect(out).toMatch(
      /BTC\/USD +1h +4 +1970-01-01 01:00 +1970-01-01 04:00 +btcusd-a\.csv, btcusd-b\.csv/,
    );
  });
});

describe('check', () => {
  const FAULTY = [row(1), row(2), row(2), row(3, 29), row(9), 'x,10,30,5,11,5', row(8), row(10)];

  test('of a clean file says so', async () => {
    const { out, error } = await data('check', file('btcusd.csv', row(1), row(2), row(3)));
    expect(error).toBeUndefined();
    expect(out).toContain('Clean.');
  });

  test('names every fault with its place, and fails', async () => {
    const { out, error } = await data('check', file('btcusd.csv', ...FAULTY));
    expect(error).not.toBeInstanceOf(BadInput);
    expect((error as Error).message).toBe('1 of 1 checked have faults: btcusd.csv');
    expect(out).toContain('line 7: timestamp_ms "x" is not a plain number');
    expect(out).toContain('line 4: 1970-01-01 02:00, first in line 3');
    expect(out).toContain('line 8: 1970-01-01 08:00 after 1970-01-01 09:00');
    expect(out).toContain(
      '1970-01-01 04:00 to 1970-01-01 07:00: 4 bars, before 1970-01-01 08:00 (line 8)',
    );
    expect(out).toContain('1970-01-01 03:00 (line 5): +163.6 %');
    expect(out).toContain('Not clean.');
  });

  test('counts the same as JSON, and takes thresholds', async () => {
    const path = file('btcusd.csv', ...FAULTY);
    const { out } = await data('check', path, '--json', '--jump', '200', '--places', '1');
    const { checked } = JSON.parse(out) as {
      checked: { clean: boolean; findings: { name: string; count: number }[] }[];
    };
    const { clean, findings } = checked[0]!;
    expect(clean).toBe(false);
    const counts = Object.fromEntries(findings.map(({ name, count }) => [name, count]));
    expect(counts).toEqual({
      'bad rows': 1,
      'repeated, the same': 1,
      'repeated, other values': 0,
      'out of order': 1,
      gaps: 1,
      'while closed': 0,
      overlaps: 0,
      jumps: 0,
      'no volume': 0,
      'no movement': 0,
    });
  });

  test('looks at what is stored, and says what to do when that is nothing', async () => {
    expect(await refusal('check')).toContain('there are no candles in');
    await data('import', file('btcusd.csv', row(1), row(2), row(5)));
    expect(await refusal('check', '--instrument', 'ETH/USD')).toContain(
      'there are no ETH/USD candles',
    );
    const { out, error } = await data('check');
    expect((error as Error).message).toBe('1 of 1 checked have faults: BTC/USD 1h');
    expect(out).toContain('2 bars missing; longest 2 bars at 1970-01-01 03:00');
  });

  test('takes the name of stored candles beside files', async () => {
    await data('import', file('btcusd-1h.csv', row(1), row(2)));
    await data('import', file('ethusd-1h.csv', row(1), row(2), row(5)));
    const { out, error } = await data('check', 'btcusd@1h', file('clean.csv', row(1), row(2)));
    expect(error).toBeUndefined();
    expect(out).toContain('BTC/USD 1h');
    expect(out).toContain('clean.csv');
    expect(out).not.toContain('ETH/USD');
    const other = await data('check', 'btcusd@3h');
    expect(other.error).toBeInstanceOf(BadInput);
    expect(String(other.error)).toContain('"3h" is no timeframe of stored candles');
  });

  test('goes on behind a dataset that is damaged', async () => {
    await data('import', file('btcusd.csv', row(1), row(2)), file('ethusd.csv', row(1), row(2)));
    const segment = join(folder, 'kept', 'BTC-USD', '1h', '0.1.candles');
    writeFileSync(segment, 'x');
    const { out, error } = await data('check');
    expect((error as Error).message).toBe('1 of 2 checked have faults: BTC/USD 1h');
    expect(out).toContain(`${segment} is damaged: it does not begin as a candle segment does`);
    expect(out).toContain('ETH/USD 1h');
    expect(out).toContain('Clean.');
  });

  test('shows what it found in files before one that cannot be read', async () => {
    const { out, error } = await data(
      'check',
      file('btcusd.csv', row(1), row(2)),
      join(folder, 'none.csv'),
    );
    expect(error).toBeInstanceOf(BadInput);
    expect(out).toContain('btcusd.csv');
    expect(out).toContain('Clean.');
  });

  test('counts bars that stand where the market is closed, and is no worse for them', async () => {
    const days = ['2024-01-05', '2024-01-06', '2024-01-08'].map(
      (day) => `${Date.parse(day)},10,30,5,11,5`,
    );
    const { out, error } = await data('check', file('aapl-1d.csv', ...days));
    expect(error).toBeUndefined();
    expect(out).toMatch(/while closed +1 +33\.3 % of the bars; perhaps they are of another clock/);
    expect(out).toContain('2024-01-06 00:00 (line 3)');
  });

  test('tells a weekend of shares from a gap, unless every bar is wanted', async () => {
    const days = ['2024-01-04', '2024-01-05', '2024-01-08', '2024-01-09'].map(
      (day) => `${Date.parse(day)},10,30,5,11,5`,
    );
    const path = file('aapl-1d.csv', ...days);
    const { out, error } = await data('check', path);
    expect(error).toBeUndefined();
    expect(out).toContain('1 closure apart');
    const all = await data('check', path, '--all-gaps');
    expect((all.error as Error).message).toContain('have faults');
    expect(all.out).toContain('2024-01-06 00:00 to 2024-01-07 00:00: 2 bars');
  });
});

describe('export', () => {
  const WHAT = ['--instrument', 'btcusd', '--timeframe', '1h'];

  test.each(['out.csv', 'out.csv.gz', 'out.json', 'out.json.gz'])(
    'to %s is imported again as the same bars',
    async (name) => {
      await data('import', file('btcusd.csv', row(1), row(2, 12.345678901234), row(3)));
      const out = join(folder, name);
      expect((await data('export', ...WHAT, '--out', out)).out).toContain(
        '3 bars, 1970-01-01 01:00',
      );
      const again = await json<{ files: unknown[] }>('import', out, '--instrument', 'BTC/USD');
      expect(again.files).toMatchObject([{ added: 0, unchanged: 3, replaced: 0 }]);
    },
  );

  test('writes what the shared files look like, of the span that is wanted', async () => {
    await data('import', file('btcusd.csv', row(1), row(2), row(3), row(4)));
    const out = join(folder, 'out.csv');
    await data(
      'export',
      ...WHAT,
      '--out',
      out,
      '--from',
      '1970-01-01 02:00',
      '--to',
      '1970-01-01T04:00Z',
    );
    expect(readFileSync(out, 'utf8')).toBe(`${[HEADER, row(2), row(3)].join('\n')}\n`);
  });

  test('replaces a file only when that is wanted', async () => {
    await data('import', file('btcusd.csv', row(1), row(2)));
    const out = file('mine.csv', 'precious');
    expect(await refusal('export', ...WHAT, '--out', out)).toContain(
      'is there already; name another file',
    );
    expect(readFileSync(out, 'utf8')).toContain('precious');
    expect((await data('export', ...WHAT, '--out', out, '--force')).error).toBeUndefined();
    expect(readFileSync(out, 'utf8')).toContain(row(2));
  });

  test('refuses what it cannot do and leaves nothing behind', async () => {
    expect(await refusal('export', ...WHAT, '--out', join(folder, 'a.csv'))).toContain(
      'there are no BTC/USD 1h candles',
    );
    await data('import', file('btcusd.csv', row(1), row(2)));
    expect(await refusal('export', ...WHAT, '--out', 'a.xlsx')).toContain(
      'must end in .csv, .csv.gz',
    );
    expect(
      await refusal('export', ...WHAT, '--out', join(folder, 'a.csv'), '--from', '2030-01-01'),
    ).toContain('candles in that span; those in');
    const backwards = ['--from', '1970-01-02', '--to', '1970-01-01'];
    expect(await refusal('export', ...WHAT, '--out', 'a.csv', ...backwards)).toBe(
      '--from 1970-01-02 00:00 must be before --to 1970-01-01 00:00',
    );
    expect(await refusal('export', ...WHAT, '--out', join(folder, 'no', 'a.csv'))).toContain(
      'cannot be written',
    );
    expect(await refusal('export', ...WHAT, '--out', 'a.csv', '--from', 'soon')).toContain(
      '--from "soon" must be a day',
    );
    expect(existsSync(join(folder, 'a.csv'))).toBe(false);
  });
});

describe('instruments', () => {
  const ADD = ['instruments', 'add'];
  interface Listed {
    readonly terms: readonly { readonly id: string; readonly tick: string }[];
  }
  const ticks = async (id: string): Promise<readonly string[]> =>
    (await json<Listed>('instruments')).terms
      .filter((one) => one.id === id)
      .map(({ tick }) => tick);

  test('are added on usual terms where none are named', async () => {
    expect((await data(...ADD, 'btc/usdt', '--class', 'CRYPTO', '--tick', '0.1')).out).toContain(
      'BTC/USDT is known as CRYPTO since the beginning',
    );
    const { terms } = await json<Listed>('instruments');
    expect(terms.find(({ id }) => id === 'BTC/USDT')).toEqual({
      id: 'BTC/USDT',
      assetClass: 'CRYPTO',
      tick: '0.1',
      lot: '0.00000001',
      minNotional: '10',
      unitsPerStandardLot: '1',
      contractValue: '1',
      makerBps: 10,
      takerBps: 10,
      validFrom: 'beginning',
    });
  });

  test('keep their old terms beside the new, which differ in what is named', async () => {
    await data(...ADD, 'BTC/USDT', '--class', 'CRYPTO', '--tick', '0.1');
    await data(...ADD, 'BTC/USDT', '--tick', '0.01', '--valid-from', '2024-01-01');
    expect(await ticks('BTC/USDT')).toEqual(['0.1', '0.01']);
    expect(await refusal(...ADD, 'BTC/USDT', '--tick', '0.5')).toContain('only as a correction');
    await data(...ADD, 'BTC/USDT', '--tick', '0.5', '--correction', 'was read wrongly');
    expect(await ticks('BTC/USDT')).toEqual(['0.5', '0.01']);
  });

  test.each([
    [['DOGE/USDT'], '--class must say what it is: CRYPTO, FX, METAL, EQUITY'],
    [['DOGE', '--class', 'CRYPTO'], '"DOGE" must be a base and a quote'],
    [['DOGE/USDT', '--class', 'CRYPTO', '--tick', '0,1'], '--tick "0,1" must be a decimal'],
    [['DOGE/USDT', '--class', 'CRYPTO', '--tick', '0'], 'tick must be positive'],
    [['DOGE/USDT', '--class', 'CRYPTO', '--taker-bps', 'x'], '--taker-bps "x" must be a number'],
    [['BT/CUSD', '--class', 'CRYPTO'], 'would both be known as "btcusd"'],
  ])('%j is refused and nothing is written: %s', async (args, sentence) => {
    expect(await refusal(...ADD, ...args)).toContain(sentence);
    expect(existsSync(join(folder, 'kept', 'instruments.json'))).toBe(false);
  });

  test('that were added are known to import and to check', async () => {
    await data(...ADD, 'NIO/USD', '--class', 'EQUITY');
    const days = ['2024-01-05', '2024-01-08'].map((day) => `${Date.parse(day)},10,30,5,11,5`);
    expect((await data('import', file('nio.csv', ...days), '--timeframe', '1d')).out).toContain(
      'nio.csv → NIO/USD 1d',
    );
    const { out, error } = await data('check', '--instrument', 'nio');
    expect(error).toBeUndefined();
    expect(out).toContain('1 closure apart');
  });

  test('of a file that cannot be used refuse every command that needs them', async () => {
    mkdirSync(join(folder, 'kept'));
    writeFileSync(join(folder, 'kept', 'instruments.json'), '{');
    expect(await refusal('import', file('btcusd.csv', row(1), row(2)))).toContain('it is no JSON');
    expect(await refusal('instruments')).toContain('instruments.json: it is no JSON');
  });
});

describeWithData('hours of gold on a broker’s clock', ['xauusd-1h-2012-2022.csv.gz'], (path) => {
  test('are of New York and seven hours, as its closing hours show', async () => {
    interface Checked {
      readonly checked: readonly {
        readonly findings: readonly { readonly name: string; readonly count: number }[];
      }[];
    }
    const found = async (...flags: readonly string[]): Promise<readonly number[]> => {
      const { out } = await data('check', path!, '--json', ...flags);
      const { findings } = (JSON.parse(out) as Checked).checked[0]!;
      return ['gaps', 'while closed'].map(
        (name) => findings.find((one) => one.name === name)!.count,
      );
    };
    expect(await found()).toEqual([2_531, 3_423]);
    expect(await found('--timezone', 'America/New_York+7h', '--local-numbers')).toEqual([181, 41]);
  });
});

describeWithData('a year of minutes', ['btcusd-bitfinex-1m-2018.csv.gz'], (path) => {
  test('goes in and comes out, digit for digit', async () => {
    await data('import', path!);
    const out = join(folder, 'out.csv.gz');
    await data('export', '--instrument', 'BTC/USD', '--timeframe', '1m', '--out', out);
    const again = await json<{ files: unknown[] }>('import', out, '--instrument', 'BTC/USD');
    expect(again.files).toMatchObject([{ rows: 520_499, added: 0, unchanged: 520_499 }]);
  });
});
