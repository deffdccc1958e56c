import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UnauthenticatedError } from '../../sdk/main.ts';
import { leaveWhenUnknown } from './leave-when-unknown.ts';
import { currentSession, keepLogin, type LoginSession, signIn, signOutNotice } from './session.ts';

const login: LoginSession = {
  type: 'login',
  id: 'first',
  issuer: 'https://login.example',
  clientId: 'datum',
  use: 'id_token',
  token: 'a token',
};
const ended = new UnauthenticatedError('your sign-in has ended');

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});
afterEach(() => void vi.unstubAllGlobals());

it('says why to who is told so by several readers', () => {
  keepLogin(login);
  leaveWhenUnknown(login, ended);
  leaveWhenUnknown(login, ended);
  expect(currentSession()).toBeUndefined();
  expect(signOutNotice()).toContain('Your sign-in has ended.');
});

it('leaves a session that was begun since, and goes on after another error', () => {
  keepLogin(login);
  leaveWhenUnknown(login, new Error('the network is gone'));
  expect(currentSession()).toEqual(login);
  signIn('another token');
  leaveWhenUnknown(login, ended);
  expect(currentSession()).toMatchObject({ token: 'another token' });
});
