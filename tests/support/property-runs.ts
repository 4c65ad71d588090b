/** How many cases a law is tried on: 1,000 in the test command, more where PLIMSOLL_PROPERTY_RUNS says. */
export const PROPERTY_RUNS = Number(process.env['PLIMSOLL_PROPERTY_RUNS'] ?? 1_000);
