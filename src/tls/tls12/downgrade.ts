/**
 * A server that speaks TLS 1.3 ends its random with this when it is asked for less. The random is signed (in
 * ServerKeyExchange) and in every key, so that nobody on the way can take the mark off. RFC 8446 §4.1.3
 */
const TO_TLS12 = Uint8Array.of(0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01);
const MARK_AT = 24;

export function markDowngrade(random: Uint8Array): void {
  random.set(TO_TLS12, MARK_AT);
}

/** The last byte is 0 where an even older version was meant. */
export function isDowngrade(random: Uint8Array): boolean {
  const mark = random.subarray(MARK_AT);
  return mark[7] <= 1 && mark.subarray(0, 7).every((byte, index) => byte === TO_TLS12[index]);
}
