/** What `--data` and `--replay` take. */
export const CANDLES_HELP = 'a candle file, or stored candles such as BTC/USD@1h';
