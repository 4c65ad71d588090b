/** Brings the table in the kernel's README up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { README, withCodes } from './kernel-codes.ts';

writeFileSync(README, withCodes(readFileSync(README, 'utf8')));
