import type { Phase } from '../evidence.ts';
import type { Bilingual } from '../wording.ts';

export const PHASE_WORDS: { readonly [phase in Phase]: Bilingual } = {
  preflight: { en: 'Preflight', ja: '事前確認' },
  'steady-state': { en: 'Steady state', ja: '定常状態' },
  arrange: { en: 'Preparation', ja: '準備' },
  inject: { en: 'Inject', ja: '障害注入' },
  'prove-fault': { en: 'Prove fault', ja: '障害の確認' },
  recover: { en: 'Recover', ja: '復旧' },
  stable: { en: 'Stable', ja: '安定' },
  undo: { en: 'Undo', ja: '後始末' },
  inventory: { en: 'Inventory', ja: '残存確認' },
  judge: { en: 'Judge', ja: '判定' },
};
