// Language and theme, shared by both pages.
import { language, setLanguage, text, translate } from './texts.js';

/** Applies the chosen language and theme. `title` is the key of the page title; `onLanguage` runs after each change. */
export function showSettings(title, onLanguage) {
  const languageButton = document.getElementById('language');
  const showLanguage = () => {
    document.documentElement.lang = language();
    document.title = text(title);
    languageButton.textContent = language() === 'ru' ? 'EN' : 'RU';
    languageButton.ariaLabel = languageButton.title = text('language');
    translate(document);
  };
  languageButton.onclick = () => {
    setLanguage(language() === 'ru' ? 'en' : 'ru');
    showLanguage();
    onLanguage();
  };

  const showTheme = () => {
    const theme = localStorage.getItem('theme');
    if (theme) {
      document.documentElement.dataset.theme = theme;
    } else {
      delete document.documentElement.dataset.theme;
    }
  };
  document.getElementById('theme').onclick = () => {
    localStorage.setItem('theme', { undefined: 'dark', dark: 'light', light: '' }[document.documentElement.dataset.theme]);
    showTheme();
  };

  showTheme();
  showLanguage();
}
