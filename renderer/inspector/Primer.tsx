import { PRIMER, STATES } from '../texts.ts';

/** How to read the board: shown while nothing is selected. */
export function Primer() {
  return (
    <>
      <h2>{PRIMER.title}</h2>
      <ol className="primer">
        {PRIMER.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <h3>{PRIMER.states}</h3>
      <ul className="legend">
        {STATES.map(({ state, words }) => (
          <li key={state}>
            <span className="swatch" data-state={state} aria-hidden />
            {words}
          </li>
        ))}
      </ul>
      <p className="quiet">{PRIMER.hint}</p>
    </>
  );
}
