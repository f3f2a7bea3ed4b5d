/** What a lesson's page is dressed in, in the order in which one gives way to the next. Print comes last. */
import './lesson.css';
import './steps.css';
import './lab.css';
import './consoles.css';
import './checks.css';
import './files.css';
import './panes.css';
import './wire.css';
import './wire-path.css';
import './wire-message.css';
import './print.css';
