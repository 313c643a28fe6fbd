-- Who has something new on which course page, written by triggers so that no change can be forgotten. There is one row
-- for each thing that changed, with a higher id each time; ids are given in the order in which changes are committed,
-- because SQLite has one writer at a time. `module_id` is 0 for the course itself: its total and its completion.
--
-- Each trigger deletes before it inserts: OR REPLACE in a trigger gives way to the OR IGNORE of the statement that
-- fired it (https://www.sqlite.org/lang_createtrigger.html).

CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('enrolment', 'user', 'grade', 'completion', 'attempt', 'reset')),
    user_id INTEGER NOT NULL,
    module_id INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS outbox_thing ON outbox (course_id, kind, user_id, module_id);
CREATE INDEX IF NOT EXISTS outbox_course ON outbox (course_id, id);

-- What happened, not yet in the outbox: a view that can only be inserted into. It keeps one row for each thing.
CREATE VIEW IF NOT EXISTS news AS SELECT course_id, kind, user_id, module_id FROM outbox;
CREATE TRIGGER IF NOT EXISTS news_kept INSTEAD OF INSERT ON news BEGIN
    DELETE FROM outbox WHERE course_id = NEW.course_id AND kind = NEW.kind
        AND user_id = NEW.user_id AND module_id = NEW.module_id;
    INSERT INTO outbox (course_id, kind, user_id, module_id)
        VALUES (NEW.course_id, NEW.kind, NEW.user_id, NEW.module_id);
END;

CREATE TRIGGER IF NOT EXISTS enrolled AFTER INSERT ON enrolments BEGIN
    INSERT INTO news VALUES (NEW.course_id, 'enrolment', NEW.user_id, 0);
END;
CREATE TRIGGER IF NOT EXISTS enrolment_changed AFTER UPDATE OF suspended ON enrolments
WHEN OLD.suspended <> NEW.suspended BEGIN
    INSERT INTO news VALUES (NEW.course_id, 'enrolment', NEW.user_id, 0);
END;
CREATE TRIGGER IF NOT EXISTS unenrolled AFTER DELETE ON enrolments BEGIN
    INSERT INTO news VALUES (OLD.course_id, 'enrolment', OLD.user_id, 0);
END;
CREATE TRIGGER IF NOT EXISTS user_changed AFTER UPDATE ON users BEGIN
    INSERT INTO news SELECT course_id, 'user', NEW.id, 0 FROM enrolments WHERE user_id = NEW.id;
END;

CREATE TRIGGER IF NOT EXISTS graded AFTER INSERT ON grades BEGIN
    INSERT INTO news SELECT course_id, 'grade', NEW.user_id, id FROM modules WHERE id = NEW.module_id;
END;
CREATE TRIGGER IF NOT EXISTS regraded AFTER UPDATE ON grades BEGIN
    INSERT INTO news SELECT course_id, 'grade', NEW.user_id, id FROM modules WHERE id = NEW.module_id;
END;
CREATE TRIGGER IF NOT EXISTS ungraded AFTER DELETE ON grades BEGIN
    INSERT INTO news SELECT course_id, 'grade', OLD.user_id, id FROM modules WHERE id = OLD.module_id;
END;
CREATE TRIGGER IF NOT EXISTS completed AFTER INSERT ON completions BEGIN
    INSERT INTO news SELECT course_id, 'completion', NEW.user_id, id FROM modules WHERE id = NEW.module_id;
END;
CREATE TRIGGER IF NOT EXISTS uncompleted AFTER DELETE ON completions BEGIN
    INSERT INTO news SELECT course_id, 'completion', OLD.user_id, id FROM modules WHERE id = OLD.module_id;
END;

CREATE TRIGGER IF NOT EXISTS tracked AFTER INSERT ON tracks BEGIN
    INSERT INTO news SELECT course_id, 'attempt', NEW.user_id, modules.id
        FROM modules JOIN scos ON module_id = modules.id WHERE scos.id = NEW.sco_id;
END;
CREATE TRIGGER IF NOT EXISTS tracked_again AFTER UPDATE ON tracks BEGIN
    INSERT INTO news SELECT course_id, 'attempt', NEW.user_id, modules.id
        FROM modules JOIN scos ON module_id = modules.id WHERE scos.id = NEW.sco_id;
END;
CREATE TRIGGER IF NOT EXISTS untracked AFTER DELETE ON tracks BEGIN
    INSERT INTO news SELECT course_id, 'attempt', OLD.user_id, modules.id
        FROM modules JOIN scos ON module_id = modules.id WHERE scos.id = OLD.sco_id;
END;
-- Its tracks go with it, when it can no longer be said whose they were.
CREATE TRIGGER IF NOT EXISTS sco_removed BEFORE DELETE ON scos BEGIN
    INSERT INTO news SELECT DISTINCT course_id, 'attempt', user_id, modules.id
        FROM modules, tracks WHERE modules.id = OLD.module_id AND sco_id = OLD.id;
END;

CREATE TRIGGER IF NOT EXISTS module_removed AFTER DELETE ON modules BEGIN
    INSERT INTO news VALUES (OLD.course_id, 'reset', 0, 0);
END;
CREATE TRIGGER IF NOT EXISTS module_added AFTER INSERT ON modules BEGIN
    INSERT INTO news SELECT course_id, 'grade', user_id, 0 FROM enrolments WHERE course_id = NEW.course_id;
    INSERT INTO news SELECT course_id, 'completion', user_id, 0 FROM enrolments WHERE course_id = NEW.course_id;
END;
CREATE TRIGGER IF NOT EXISTS module_counts_otherwise AFTER UPDATE OF visible, max_points ON modules
WHEN OLD.visible <> NEW.visible OR OLD.max_points IS NOT NEW.max_points BEGIN
    INSERT INTO news SELECT course_id, 'grade', user_id, NEW.id FROM enrolments WHERE course_id = NEW.course_id;
    INSERT INTO news SELECT course_id, 'completion', user_id, NEW.id FROM enrolments WHERE course_id = NEW.course_id;
    INSERT INTO news SELECT course_id, 'attempt', user_id, NEW.id FROM enrolments WHERE course_id = NEW.course_id;
END;
CREATE TRIGGER IF NOT EXISTS part_added AFTER INSERT ON parts WHEN NEW.kind IN ('gradebook', 'completion') BEGIN
    INSERT INTO news SELECT course_id, 'grade', user_id, 0 FROM enrolments WHERE course_id = NEW.course_id;
    INSERT INTO news SELECT course_id, 'completion', user_id, 0 FROM enrolments WHERE course_id = NEW.course_id;
END;
CREATE TRIGGER IF NOT EXISTS part_changed AFTER UPDATE ON parts WHEN NEW.kind IN ('gradebook', 'completion') BEGIN
    INSERT INTO news SELECT course_id, 'grade', user_id, 0 FROM enrolments WHERE course_id = NEW.course_id;
    INSERT INTO news SELECT course_id, 'completion', user_id, 0 FROM enrolments WHERE course_id = NEW.course_id;
END;
