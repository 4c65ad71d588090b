import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { CrashGuard } from './components/crash-guard.tsx';
import { stayConnected } from './state/connection.ts';
import { startTheme } from './state/theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html must hold an element with the id "root"');

startTheme();
createRoot(root).render(
  <CrashGuard>
    <App />
  </CrashGuard>,
);
void stayConnected();
