import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}
interface State {
  readonly message: string | null;
}

/** A fault in drawing must not look like an empty account: it says so and offers a way out. */
export class CrashGuard extends Component<Props, State> {
  override state: State = { message: null };

  static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <main className="crash" role="alert">
        <h1>This page could not be drawn.</h1>
        <p>The server goes on without it. What went wrong here: {message}</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </main>
    );
  }
}
