/** The control of the reader on the path: what is done to which message, and what becomes of what is held. */
import { useSignalEffect } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import type { Lab } from '../../../lesson/index.ts';
import { type PathAct, pathNames } from '../../../sandbox/index.ts';
import { pathWords as words } from '../../../text/index.ts';
import { actOf, type HeldMessage, type PathDesk } from './path-desk.ts';

const ACTS = Object.keys(words.acts) as (keyof typeof words.acts)[];
const CLEAR = ['ClientHello', 'ServerHello', 'ChangeCipherSpec', 'encrypted record'];
const DATA = 'data';
const CLEAR_12 = pathNames.filter((name) => !CLEAR.includes(name) && name !== DATA);

interface Props {
  lab: Lab;
  desk: PathDesk;
  id: string;
}

export function PathPanel({ lab, desk, id }: Props) {
  const [rule, setRule] = useState(desk.rule.peek());
  const [held, setHeld] = useState(desk.held.peek());
  const [last, setLast] = useState(desk.last.peek());
  useSignalEffect(() => setRule(desk.rule.value));
  useSignalEffect(() => setHeld(desk.held.value));
  useSignalEffect(() => setLast(desk.last.value));
  const [from, setFrom] = useState(rule?.from ?? '');
  const [name, setName] = useState(rule?.name ?? 'ClientHello');
  const [nth, setNth] = useState(rule?.nth ?? 1);
  const [kind, setKind] = useState<keyof typeof words.acts>(kindOf(rule?.act));
  const [offset, setOffset] = useState(20);
  const [milliseconds, setMilliseconds] = useState(500);
  const root = useRef<HTMLElement>(null);
  const hosts = desk.between ?? lab.hosts.map((host) => host.name);

  const stand = (event: Event) => {
    event.preventDefault();
    if (rule) {
      desk.stand(undefined);
      return;
    }
    desk.stand({
      ...(from && { from }),
      ...(name && { name }),
      nth,
      act: actOf(kind, offset, milliseconds),
    });
  };
  const decide = (each: HeldMessage, act: Parameters<PathDesk['decide']>[1]) => {
    desk.decide(each, act);
    // The button is gone with what it decided: the focus must not be.
    root.current?.querySelector<HTMLElement>('form button')?.focus();
  };

  return (
    <section class="wire-path" id={id} aria-label={words.title} ref={root}>
      {!rule && <p class="wire-words">{words.intro}</p>}
      <form aria-label={words.form} onSubmit={stand}>
        {!rule && (
          <>
            <label>
              {words.when}{' '}
              <select value={from} onChange={({ currentTarget }) => setFrom(currentTarget.value)}>
                <option value="">{words.anybody}</option>
                {hosts.map((host) => (
                  <option key={host} value={host}>
                    {host}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {words.sends}{' '}
              <select value={name} onChange={({ currentTarget }) => setName(currentTarget.value)}>
                <option value="">{words.anything}</option>
                <optgroup label={words.clear}>{CLEAR.map(option)}</optgroup>
                <optgroup label={words.clear12}>{CLEAR_12.map(option)}</optgroup>
                <option value={DATA}>{words.data}</option>
              </select>
            </label>
            <NumberField label={words.number} value={nth} least={1} onChange={setNth} />
            <label>
              {words.act}{' '}
              <select
                value={kind}
                onChange={({ currentTarget }) => setKind(currentTarget.value as typeof kind)}
              >
                {ACTS.map((each) => (
                  <option key={each} value={each}>
                    {words.acts[each]}
                  </option>
                ))}
              </select>
            </label>
            {kind === 'change' && (
              <NumberField label={words.offset} value={offset} least={0} onChange={setOffset} />
            )}
            {kind === 'delay' && (
              <NumberField
                label={words.milliseconds}
                value={milliseconds}
                least={1}
                onChange={setMilliseconds}
              />
            )}
          </>
        )}
        <p role="status">
          {last
            ? `${last.name}: ${words.words(last)}`
            : rule
              ? words.waiting(
                  rule.name ?? words.anything,
                  rule.nth ?? 1,
                  rule.from ?? words.anybody,
                  words.acts[kind],
                )
              : ''}
        </p>
        <button key="stand" type="submit" class="quiet-press">
          {rule ? words.leave : words.stand}
        </button>
      </form>
      {held.length > 0 && (
        <ul class="wire-held" aria-label={words.holding}>
          {held.map((each) => {
            const { fact, world } = each;
            const title = lab.worlds?.find((one) => one.name === world)?.title;
            const what = words.what(fact.name, fact.length, fact.from.host, fact.to.host);
            return (
              <li key={`${world} ${fact.id}`}>
                <span>
                  {title && <b>{title}: </b>}
                  {what}
                </span>
                <fieldset aria-label={`${words.holding}: ${what}`}>
                  <button type="button" class="quiet-press" onClick={() => decide(each, { do: 'pass' })}>
                    {words.pass}
                  </button>
                  <NumberField label={words.offset} value={offset} least={0} onChange={setOffset} />
                  <button
                    type="button"
                    class="quiet-press"
                    onClick={() => decide(each, { do: 'change', offset })}
                  >
                    {words.change(offset)}
                  </button>
                  <button type="button" class="quiet-press" onClick={() => decide(each, { do: 'replay' })}>
                    {words.replay}
                  </button>
                  <button type="button" class="quiet-press" onClick={() => decide(each, { do: 'drop' })}>
                    {words.drop}
                  </button>
                </fieldset>
              </li>
            );
          })}
        </ul>
      )}
      {held.length > 0 && <p class="wire-words">{words.holdingWords}</p>}
    </section>
  );
}

const kindOf = (act: PathAct | undefined) => (act && act.do !== 'pass' ? act.do : 'hold');

const option = (name: string) => (
  <option key={name} value={name}>
    {name}
  </option>
);

interface NumberProps {
  label: string;
  value: number;
  least: number;
  onChange(value: number): void;
}

function NumberField({ label, value, least, onChange }: NumberProps) {
  return (
    <label>
      {label}{' '}
      <input
        type="number"
        min={least}
        max={99_999}
        step={1}
        required
        value={value}
        onInput={({ currentTarget }) => {
          if (currentTarget.validity.valid) onChange(currentTarget.valueAsNumber);
        }}
      />
    </label>
  );
}
