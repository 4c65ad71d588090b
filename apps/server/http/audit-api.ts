import { Schema } from 'effect';
import { HttpApiEndpoint, HttpApiGroup } from 'effect/http-api';
import { AccountsView } from '../../api/account-views.ts';
import {
  BackupResult,
  EventProofView,
  ExportRequest,
  ExportResult,
  VerifyView,
} from '../../api/audit-views.ts';
import { REFUSALS } from './refusals.ts';

/** The record and its proofs. */
export const audit = HttpApiGroup.make('audit')
  .add(
    HttpApiEndpoint.get('accounts', '/accounts', { success: AccountsView, error: REFUSALS }),
    HttpApiEndpoint.get('verify', '/audit/verify', { success: VerifyView, error: REFUSALS }),
    HttpApiEndpoint.get('prove', '/audit/proofs/:seq', {
      params: { seq: Schema.Int.check(Schema.isGreaterThan(0)) },
      success: EventProofView,
      error: REFUSALS,
    }),
    HttpApiEndpoint.post('exportBundle', '/audit/exports', {
      payload: ExportRequest,
      success: ExportResult,
      error: REFUSALS,
    }),
    // It says nothing of where: a request must not choose where files appear.
    HttpApiEndpoint.post('backup', '/backup', {
      payload: Schema.Struct({}),
      success: BackupResult,
      error: REFUSALS,
    }),
  )
  .prefix('/api/v1');
