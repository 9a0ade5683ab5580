import { render } from 'preact';
import { App } from './app/app.js';
import { startClient } from './app/start.js';

const page = document.getElementById('page');
if (!page) throw new Error('index.html has no #page');
startClient();
render(<App />, page);
