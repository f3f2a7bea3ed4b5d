import type { AlertEvent, Version } from './api.ts';
import { type Alert, alert as alertCodec } from './codec/messages.ts';
import { decode } from './codec/reader.ts';
import { AlertDescription, AlertLevel, type AlertName, nameOf, ProtocolVersion } from './codec/registries.ts';
import { tlsError } from './errors.ts';

/** What alerts say, and how long one listens to those that end nothing. §6 */

/** user_canceled is a warning that may come again and again; BoringSSL's patience ends at four as well. */
const MAX_WARNINGS = 4;

/** The content of an alert record, which is one alert whole. §5.1 */
export function readAlert(content: Uint8Array): Alert {
  if (content.length !== 2) throw tlsError('bad-alert', { expected: 2, actual: content.length });
  const alert = decode(alertCodec, content, 'alert');
  if (alert.level !== AlertLevel.warning && alert.level !== AlertLevel.fatal)
    throw tlsError('unknown-alert-level', { actual: alert.level });
  return alert;
}

/** Warnings that came one after another, without anything of use between them. */
export class Warnings {
  #count = 0;

  reset(): void {
    this.#count = 0;
  }

  /** §6: in TLS 1.3 every alert but two ends the connection, whatever its level says. Before, warnings were just that. */
  hear({ level, description }: Alert, version: Version | undefined): void {
    const ignorable = version !== ProtocolVersion['TLSv1.3'] && level === AlertLevel.warning;
    // OpenSSL holds that who asked for a renegotiation cannot do without; we never ask. RFC 5246 §7.2.2
    if (ignorable && description === AlertDescription.no_renegotiation) throw tlsError('no-renegotiation');
    if (!ignorable && description !== AlertDescription.user_canceled)
      throw tlsError('alert-received', { received: description });
    this.#count += 1;
    if (this.#count > MAX_WARNINGS) throw tlsError('too-many-warning-alerts');
  }
}

export function alertEvent({ level, description }: Alert, sent: boolean): AlertEvent {
  return {
    type: 'alert',
    level: level === AlertLevel.warning ? 'warning' : 'fatal',
    description,
    name: nameOf(AlertDescription, description),
    sent,
  };
}

/** An alert by number, whether given by name or not. */
export function alertNumber(alert: AlertName | number): number {
  return typeof alert === 'number' ? alert : AlertDescription[alert];
}
