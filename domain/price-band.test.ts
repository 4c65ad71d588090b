import { expect, test } from 'vitest';

import { approvalBand, isInside } from './price-band.ts';
import { sampleProposal } from './testing/samples.ts';
import { price, text } from './units.ts';

const bandOf = (referencePrice: string, stop: string): string[] => {
  const { low, high } = approvalBand(sampleProposal({ referencePrice, stop }));
  return [text(low), text(high)];
};

test('is half a percent each way where the stop is near', () => {
  expect(bandOf('50000', '49500')).toEqual(['49750', '50250']);
});

test('is a quarter of the way to the stop where that is more, on either side', () => {
  expect(bandOf('50000', '48000')).toEqual(['49500', '50500']);
  expect(bandOf('50000', '52000')).toEqual(['49500', '50500']);
});

test('contains its ends and nothing beyond them', () => {
  const band = approvalBand(sampleProposal({ referencePrice: '50000', stop: '49500' }));
  expect(isInside(band, price('49750'))).toBe(true);
  expect(isInside(band, price('50250'))).toBe(true);
  expect(isInside(band, price('49749.999999999999'))).toBe(false);
  expect(isInside(band, price('50250.000000000001'))).toBe(false);
});
