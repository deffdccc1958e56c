import { useEffect, useState } from 'react';

/** What is typed is asked for when typing rests, in ms. */
const restMs = 200;

/** A value as it was when it last rested. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
