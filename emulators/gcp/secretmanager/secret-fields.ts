import type { JsonObject } from '../core/json.ts';
import { objectAt, objectsAt, stringAt } from '../core/json.ts';
import { utcTime } from '../core/timestamps.ts';
import type { ApiError } from '../http/api-error.ts';
import { apiError, notImplemented } from '../http/api-error.ts';
import { requireMessage } from '../schema/require-message.ts';
import { SECRET_SCHEMA, UNSUPPORTED_SECRET_FIELDS } from './schema.ts';

const MAX_LABELS = 64;
const MAX_ALIASES = 50;
const MAX_TOPICS = 10;
const MAX_ANNOTATIONS_BYTES = 16 * 1024;
const LABEL = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const ALIAS = /^(?!latest$)[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const TOPIC = /^projects\/[^/]+\/topics\/[^/]+$/;
const MIN_ROTATION_SECS = 3_600;
const MIN_AHEAD_MS = 5 * 60_000;
const MIN_DESTROY_SECS = 24 * 3_600;

/** A secret in a request, with times instead of durations; 400 for what is out of form. */
export function checkedSecret(body: JsonObject, nowMs: number): JsonObject {
  const unsupported = UNSUPPORTED_SECRET_FIELDS.find((field) => body[field] !== undefined);
  if (unsupported !== undefined) throw notImplemented(`the field secret.${unsupported}`);
  requireMessage(SECRET_SCHEMA, 'Secret', body, 'secret');
  checkTexts(body);
  checkRotation(body, nowMs);
  const destroySecs = secondsAt(body, 'versionDestroyTtl');
  if (destroySecs !== undefined && destroySecs < MIN_DESTROY_SECS) {
    throw invalid(`versionDestroyTtl must be at least ${MIN_DESTROY_SECS}s.`);
  }
  const { ttl, ...rest } = body;
  if (ttl === undefined) return rest;
  if (body['expireTime'] !== undefined) throw invalid('Only one of ttl and expireTime can be specified.');
  return { ...rest, expireTime: utcTime(nowMs + (secondsAt(body, 'ttl') ?? 0) * 1_000) };
}

/** Seconds in a duration such as `3600s`; undefined when the field is absent. */
export function secondsAt(body: JsonObject, field: string): number | undefined {
  const text = stringAt(body, field);
  if (text === undefined) return undefined;
  const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(seconds)) throw invalid(`${field} must be a duration in seconds, such as 3600s.`);
  return seconds;
}

function checkTexts(body: JsonObject): void {
  const labels = Object.entries(objectAt(body, 'labels'));
  const wrong = labels.some(([key, value]) => !LABEL.test(key) || key === '' || !LABEL.test(String(value)));
  if (labels.length > MAX_LABELS || wrong) {
    throw invalid(`Invalid labels: at most ${MAX_LABELS}, of 63 lowercase letters, digits, _ and -.`);
  }
  if (Buffer.byteLength(JSON.stringify(objectAt(body, 'annotations'))) > MAX_ANNOTATIONS_BYTES) {
    throw invalid('Annotations must be at most 16 KiB in all.');
  }
  const aliases = Object.keys(objectAt(body, 'versionAliases'));
  if (aliases.length > MAX_ALIASES || !aliases.every((alias) => ALIAS.test(alias))) {
    throw invalid(`Invalid version aliases: at most ${MAX_ALIASES}, each must match ${ALIAS.source}.`);
  }
}

function checkRotation(body: JsonObject, nowMs: number): void {
  const topics = objectsAt(body, 'topics');
  if (topics.length > MAX_TOPICS || !topics.every((topic) => TOPIC.test(stringAt(topic, 'name') ?? ''))) {
    throw invalid(`Invalid topics: at most ${MAX_TOPICS}, each named projects/*/topics/*.`);
  }
  if (body['rotation'] === undefined) return;
  const rotation = objectAt(body, 'rotation');
  if (topics.length === 0) throw invalid('A rotation needs topics.');
  const period = secondsAt(rotation, 'rotationPeriod');
  if (period !== undefined && period < MIN_ROTATION_SECS) {
    throw invalid(`rotationPeriod must be at least ${MIN_ROTATION_SECS}s.`);
  }
  const next = stringAt(rotation, 'nextRotationTime');
  if (next === undefined) throw invalid('A rotation needs nextRotationTime.');
  if (!(Date.parse(next) >= nowMs + MIN_AHEAD_MS)) throw invalid('nextRotationTime must be at least 5 minutes ahead.');
}

function invalid(message: string): ApiError {
  return apiError(400, 'badRequest', message);
}
