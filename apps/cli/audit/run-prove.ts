import { writeFileSync } from 'node:fs';
import pc from 'picocolors';
import type { EventProof } from '../../../ledger/audit/event-proof.ts';
import { verifierIn } from '../../../ledger/audit/evidence.ts';
import { verifierKey } from '../../../ledger/checkpoints/note.ts';
import { NotProvable, proveStored } from '../../audit-desk.ts';
import { auditDirOf } from '../../custody.ts';
import type { StoredLocation } from '../../storage.ts';
import type { ProveFlags } from '../commands/audit.ts';
import { BadInput } from '../errors.ts';
import { printFacts, printJson, printLine } from '../output.ts';
import { atPlace } from './place.ts';

export async function runProve(seq: number, flags: ProveFlags): Promise<void> {
  await atPlace(flags, {
    served: async (server, location) => show(await server.prove(seq), location, flags),
    async stored(database, location) {
      const proof = await proveStored(database, location, seq).catch((error: unknown) => {
        throw error instanceof NotProvable ? new BadInput(`event ${seq}: ${error.message}`) : error;
      });
      await show(proof, location, flags);
    },
  });
}

async function show(proof: EventProof, location: StoredLocation, flags: ProveFlags): Promise<void> {
  const { out, json } = flags;
  if (out !== undefined) writeNew(out, `${JSON.stringify(proof, null, 2)}\n`);
  if (json) return printJson(proof);
  const verifier = await verifierIn(auditDirOf(location));
  printLine(
    `${pc.green('proven')}  event ${proof.seq.toLocaleString('en')} is one of the ${proof.size.toLocaleString('en')} that a signed checkpoint covers`,
  );
  printFacts([
    ['hash', proof.hash],
    ['path', `${proof.path.length} hashes up to the root, RFC 6962`],
    ['key', verifier === undefined ? 'gone' : verifierKey(verifier)],
    ...(out === undefined ? [] : [['proof', out] as const]),
  ]);
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new BadInput(
      code === 'EEXIST'
        ? `--out ${path} is there already; name another file`
        : `--out ${path} cannot be written: ${message}`,
    );
  }
}
