import { expect, test } from 'vitest';
import { emergencyWords, happenedWords } from './trading.ts';

test('a breaker is told by its sentence, a person by what they wrote', () => {
  expect(happenedWords('FEED_SILENT', 'FEED_SILENT: value=130000 limit=120000 ms')).toBe(
    'The market data has been silent for too long.',
  );
  expect(happenedWords(null, 'the news')).toBe('the news');
  expect(happenedWords('A_CODE_OF_TOMORROW', 'something new')).toBe('something new');
  expect(happenedWords(null, null)).toBe('The record gives no reason.');
});

test('an emergency names the drawdown below which it ends', () => {
  const ladder = [
    { rung: 0, startBps: 0, words: 'full size' },
    { rung: 1, startBps: 450, words: 'half size' },
  ] as const;
  expect(emergencyWords(ladder)).toContain('below 4.5 % of drawdown');
});
