// What the site adds when scripts run. Every page reads, searches and signs up without it.
import { sleepEmbeds } from "./site/embeds.js";
import { listenToKeys } from "./site/keys.js";
import { offerCopies } from "./site/copying.js";
import { handInClick } from "./site/clicks.js";
import { offerZone } from "./site/preferences.js";
import { offerThemes } from "./site/themes.js";
import { lineUpRows, openPicturesInPlace } from "./site/pictures.js";
import { tendMenu } from "./site/menu.js";
import { tendSignUps } from "./site/signup.js";

handInClick();
offerThemes();
offerZone();
tendMenu();
offerCopies();
sleepEmbeds();
tendSignUps();
lineUpRows();
openPicturesInPlace();
listenToKeys();
