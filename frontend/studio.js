// What the studio's pages gain from scripts; every one of them works without.
import { offerCopies } from "./site/copying.js";
import { offerThemes } from "./site/themes.js";
import { showBusyButtons } from "./studio/busy.js";
import { countWords, moveStoriesByKeys } from "./studio/desk.js";
import { follow } from "./studio/following.js";
import { letFocalPointMove } from "./studio/focal.js";
import { listenToKeys } from "./studio/keys.js";
import { speakOfTheChoice } from "./studio/publishing.js";
import { countTicks } from "./studio/readers.js";
import { countUndoDown } from "./studio/undoing.js";
import { offerUploads } from "./studio/upload.js";

offerThemes();
offerCopies();
showBusyButtons();
letFocalPointMove();
speakOfTheChoice();
countUndoDown();
offerUploads();
listenToKeys();
follow();
countWords();
moveStoriesByKeys();
countTicks();
