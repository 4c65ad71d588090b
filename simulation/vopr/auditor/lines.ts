/** The load lines, written down a second time: an auditor who reads them from the kernel audits nothing. */

/** Basis points of equity. */
export const RISK_PER_TRADE_BPS = 200n;
export const POSITION_BPS = 1_000n;
export const ASSET_CLASS_BPS = 5_000n;
export const GROSS_BPS = 8_000n;
/** How far a market order may fill from the price. */
export const COLLAR_BPS = 100n;

export const ENTRIES_PER_HOUR = 5;
export const ENTRIES_PER_DAY = 20;

export const CLEARANCE_MS = 30_000;

/**
 * A kernel judges by the ledger, the auditor by the venue; a twentieth lies between them when a price
 * moved, or an execution is not told yet.
 */
export const SLACK_BPS = 10_500n;
