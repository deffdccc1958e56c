import { Redis } from 'ioredis';
import type { Settlement, TokenPool } from './shared-purse.ts';

/** An answer that takes longer is not worth waiting for. */
const timeoutMs = 1_000;
const mostDebtSecs = 30;

/** Refills by Redis' own clock, takes, and hands out; the key lives as long as it takes to be full again. */
const script = `
local rate, burst, taken, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = burst
if kept[1] then tokens = math.min(burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate / 1000) end
tokens = math.max(-rate * ${mostDebtSecs}, tokens - taken)
local given = math.min(wanted, math.max(0, math.floor(tokens)))
tokens = tokens - given
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
local wait = 0
if given == 0 then wait = math.max(0, math.ceil((1 - tokens) / rate * 1000)) end
return { given, wait }`;

/** Tokens in Redis or Valkey, shared by all that use the same one. */
export function redisTokenPool(url: string): TokenPool {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: true,
    commandTimeout: timeoutMs,
    connectTimeout: timeoutMs,
  });
  // Whoever asks is told; an unheard event would end the process.
  redis.on('error', () => {});
  redis.defineCommand('datumTakeTokens', { numberOfKeys: 1, lua: script });
  const { datumTakeTokens } = redis as unknown as { datumTakeTokens: TakeTokens };
  return {
    async settle(name, { perSecond, burst }, taken, wanted): Promise<Settlement> {
      const [given, waitMs] = await datumTakeTokens.call(
        redis,
        `datum:limits:${name}`,
        perSecond,
        burst,
        taken,
        wanted,
      );
      return { given, waitMs };
    },
    async close() {
      // In order, after what is under way; a Redis that is gone does not matter any more.
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}

type TakeTokens = (
  this: Redis,
  key: string,
  perSecond: number,
  burst: number,
  taken: number,
  wanted: number,
) => Promise<[given: number, waitMs: number]>;
