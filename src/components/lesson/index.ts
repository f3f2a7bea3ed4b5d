/** What the lesson's page takes: its frame, its instrument, and the components its prose may use. */
import Role from '../Role.astro';
import Answer from './Answer.astro';
import Aside from './Aside.astro';
import Check from './Check.astro';
import Code from './Code.astro';
import CodeFlow from './CodeFlow.astro';
import Exercise from './Exercise.astro';
import FileSheets from './FileSheets.astro';
import HandshakeDiagram from './HandshakeDiagram.astro';
import Hint from './Hint.astro';
import Hints from './Hints.astro';
import LabPane from './LabPane.astro';
import Lesson from './Lesson.astro';
import { LessonContext } from './lesson-context.ts';
import { lessonFiles } from './lesson-files.ts';
import Question from './Question.astro';
import Quiz from './Quiz.astro';
import Rfc from './Rfc.astro';
import Speaker from './Speaker.astro';
import Step from './Step.astro';
import Wire from './Wire.astro';

export const components = {
  Answer,
  Aside,
  Check,
  Code,
  CodeFlow,
  Exercise,
  HandshakeDiagram,
  Hint,
  Hints,
  Question,
  Quiz,
  Rfc,
  Role,
  Speaker,
  Step,
  Wire,
};

export { FileSheets, LabPane, Lesson };

/** A fresh look into a lesson's folder. */
export const lessonContext = async (slug: string) => new LessonContext(await lessonFiles(slug));
