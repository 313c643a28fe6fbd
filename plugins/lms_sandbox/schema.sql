-- What the sandbox remembers. Times are whole seconds since 1970 (UTC).

CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    firstname TEXT NOT NULL,
    lastname TEXT NOT NULL,
    idnumber TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS users_email ON users (lower(email));
CREATE INDEX IF NOT EXISTS users_idnumber ON users (idnumber);

CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    valid_until INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS sessions (
    cookie TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS categories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    idnumber TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    parent INTEGER NOT NULL DEFAULT 0,
    modified_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS categories_idnumber ON categories (idnumber) WHERE idnumber <> '';

CREATE TABLE IF NOT EXISTS courses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    category_id INTEGER NOT NULL REFERENCES categories (id),
    idnumber TEXT NOT NULL DEFAULT '',
    shortname TEXT NOT NULL UNIQUE,
    fullname TEXT NOT NULL,
    summary TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    starts_at INTEGER NOT NULL DEFAULT 0,
    ends_at INTEGER NOT NULL DEFAULT 0,
    visible INTEGER NOT NULL DEFAULT 1,
    enable_completion INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS courses_idnumber ON courses (idnumber) WHERE idnumber <> '';

-- A section without a key was not made by us; sections are numbered from 1 without gaps.
CREATE TABLE IF NOT EXISTS sections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    key TEXT,
    position INTEGER NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    visible INTEGER NOT NULL DEFAULT 1,
    availability TEXT NOT NULL DEFAULT '[]', -- JSON, as docs/companion.md describes it
    UNIQUE (course_id, key)
);

-- Packages, which can be played, and other activities, which are shown. Columns of JSON are as docs/companion.md
-- describes them; `standard` is empty where there is no package that can be played.
CREATE TABLE IF NOT EXISTS modules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    course_id INTEGER NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    section_id INTEGER NOT NULL REFERENCES sections (id),
    key TEXT NOT NULL,
    modname TEXT NOT NULL DEFAULT 'scorm',
    position INTEGER NOT NULL DEFAULT 1,
    visible INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    intro TEXT NOT NULL,
    availability TEXT NOT NULL DEFAULT '[]',
    completion TEXT NOT NULL,
    group_mode TEXT NOT NULL DEFAULT 'none',
    grouping_key TEXT,
    max_points REAL DEFAULT 100,
    pass_mark_percent REAL NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}',
    files TEXT NOT NULL DEFAULT '{}', -- name → SHA-1
    package_sha256 TEXT NOT NULL,
    standard TEXT NOT NULL DEFAULT 'scorm12' CHECK (standard IN ('scorm12', 'scorm2004', 'pages', '')),
    UNIQUE (course_id, key)
);

-- What a course page has once: groups, enrolment, gradebook, completion, image.
CREATE TABLE IF NOT EXISTS parts (
    course_id INTEGER NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (course_id, kind)
) WITHOUT ROWID;

-- What can be launched, known by the manifest's item identifier: replacing a package keeps the row and its tracks.
CREATE TABLE IF NOT EXISTS scos (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    module_id INTEGER NOT NULL REFERENCES modules (id) ON DELETE CASCADE,
    identifier TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    href TEXT NOT NULL,
    is_sco INTEGER NOT NULL,
    mastery_score REAL,
    launch_data TEXT NOT NULL DEFAULT '',
    max_time_allowed TEXT NOT NULL DEFAULT '',
    time_limit_action TEXT NOT NULL DEFAULT '',
    scaled_passing_score REAL,
    completion_threshold REAL,
    objectives TEXT NOT NULL DEFAULT '[]', -- a JSON list of identifiers
    UNIQUE (module_id, identifier)
);

CREATE TABLE IF NOT EXISTS enrolments (
    course_id INTEGER NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    role_id INTEGER NOT NULL,
    suspended INTEGER NOT NULL DEFAULT 0,
    enrolled_at INTEGER NOT NULL,
    PRIMARY KEY (course_id, user_id)
) WITHOUT ROWID;

-- Groups are declared by deployments (parts); their ids are made from course and key.
CREATE TABLE IF NOT EXISTS group_members (
    group_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tracks (
    user_id INTEGER NOT NULL REFERENCES users (id),
    sco_id INTEGER NOT NULL REFERENCES scos (id) ON DELETE CASCADE,
    element TEXT NOT NULL,
    value TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, sco_id, element)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tracks_sco ON tracks (sco_id);

-- Each opening of a SCO is a sitting, numbered from 1. Once one has saved, those before it may save no more: an old
-- window must not undo what a newer one has written.
CREATE TABLE IF NOT EXISTS sittings (
    user_id INTEGER NOT NULL REFERENCES users (id),
    sco_id INTEGER NOT NULL REFERENCES scos (id) ON DELETE CASCADE,
    opened INTEGER NOT NULL,
    writing INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, sco_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS grades (
    module_id INTEGER NOT NULL REFERENCES modules (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    score REAL NOT NULL,
    graded_at INTEGER NOT NULL,
    PRIMARY KEY (module_id, user_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS completions (
    module_id INTEGER NOT NULL REFERENCES modules (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id),
    completed_at INTEGER NOT NULL,
    PRIMARY KEY (module_id, user_id)
) WITHOUT ROWID;

-- Files that were put into somebody's area for a course; the bytes are there too.
CREATE TABLE IF NOT EXISTS learner_files (
    user_id INTEGER NOT NULL REFERENCES users (id),
    filename TEXT NOT NULL,
    course_id INTEGER NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (user_id, filename)
) WITHOUT ROWID;

-- Files uploaded and not used yet; the bytes are in files/<sha256>.zip.
CREATE TABLE IF NOT EXISTS drafts (
    item_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    filename TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (item_id, filename)
) WITHOUT ROWID;
