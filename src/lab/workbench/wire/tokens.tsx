/** What a message is in OAuth, the tokens it carries, and whether who shows one holds what it is bound to. */
import { ui } from '../../../text/index.ts';
import {
  type CarriedToken,
  type HttpWireMessage,
  meaningOf,
  tokensOf,
  type WireConnection,
} from '../../../wire/index.ts';

const words = ui.wire;

interface Props {
  message: HttpWireMessage;
  connection: WireConnection;
}

export function Tokens({ message, connection }: Props) {
  const meaning = meaningOf(message);
  const tokens = tokensOf(message, connection);
  if (!meaning && tokens.length === 0) return null;
  return (
    <div class="wire-oauth">
      {meaning && (
        <p>
          <b>{meaning.name}</b> {meaning.words} <span class="wire-note">{meaning.section}</span>
        </p>
      )}
      {tokens.map((token) => (
        <Token key={token.where} token={token} />
      ))}
    </div>
  );
}

function Token({ token: { where, text, jwt, bindings } }: { token: CarriedToken }) {
  return (
    <div class="wire-token">
      <p>
        <code>{where}</code> <span class="wire-note">{jwt ? words.jwt : words.opaque(text.length)}</span>
      </p>
      {jwt && (
        <dl>
          {Object.entries({ ...jwt.header, ...jwt.claims }).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {bindings.map(({ claim, wanted, shown, holds, section }) => (
        <p key={claim} class="wire-binding" data-holds={holds}>
          <svg class="glyph" aria-hidden="true">
            <use href={holds ? '#mark-passed' : '#mark-failed'} />
          </svg>{' '}
          {words.binding[claim](holds, shown !== undefined)} <span class="wire-note">{section}</span>
          <span class="wire-thumbs">
            <code>cnf.{claim}</code> <code>{wanted}</code>
            <span>{words.shownBy[claim]}</span> <code>{shown ?? words.nothing}</code>
          </span>
        </p>
      ))}
    </div>
  );
}
