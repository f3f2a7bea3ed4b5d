/** Points in time as certificates and revocation lists write them, and how they compare with the clock. */
import { latin1 } from './bytes.ts';
import { type DerNode, Tag } from './der.ts';
import { X509Error } from './errors.ts';

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** A Time; an invalid Date where it is none that RFC 5280 allows. §4.1.2.5: seconds are there, the zone is Z, nothing else is. Two-digit years lie in 1950 to 2049. */
export function readTime({ tag, content, offset }: DerNode): Date {
  if (tag !== Tag.utcTime && tag !== Tag.generalizedTime) {
    throw new X509Error('bad-der', 'expected a time', offset);
  }
  const match = (tag === Tag.utcTime ? UTC_TIME : GENERALIZED_TIME).exec(latin1(content));
  if (!match) return new Date(Number.NaN);
  const [first, month, day, hour, minute, second] = match.slice(1).map(Number);
  const year = tag === Tag.generalizedTime ? first : first < 50 ? 2000 + first : 1900 + first;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // A day that does not exist, such as 30 February, would have rolled over into another.
  const exists =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return exists ? date : new Date(Number.NaN);
}

/**
 * Whether a time is yet to come, or unreadable. OpenSSL (X509_cmp_time) compares whole seconds, and what happens this
 * very second has happened.
 */
export function whenIs(time: Date, now: Date): 'past' | 'future' | 'unreadable' {
  if (Number.isNaN(time.getTime())) return 'unreadable';
  return time.getTime() > Math.floor(now.getTime() / 1000) * 1000 ? 'future' : 'past';
}
