/** How a command finds the Plimsoll that runs on a directory: it leaves its address there. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
}

const fileIn = (dataDir: string): string => join(dataDir, 'server.json');

export function announceServer(dataDir: string, server: RunningServer): () => void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(fileIn(dataDir), `${JSON.stringify(server)}\n`);
  return () => rmSync(fileIn(dataDir), { force: true });
}

/** The server that left its address and still answers, or undefined. */
export async function findServer(dataDir: string): Promise<RunningServer | undefined> {
  const server = announcedServer(dataDir);
  if (server === undefined) return undefined;
  try {
    const response = await fetch(`${server.url}/health`, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? server : undefined;
  } catch {
    // Nothing listens there any more: a server that was killed could not take its address away.
    return undefined;
  }
}

/** The server that left its address, whether or not it still answers. */
export function announcedServer(dataDir: string): RunningServer | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(dataDir), 'utf8')) as RunningServer;
  } catch {
    // Absent, or cut short by a crash while it was written: either way nobody announced a server.
    return undefined;
  }
}
