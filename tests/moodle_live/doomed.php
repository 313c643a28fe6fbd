// Calls a function of the companion as its service account, in a process that dies at its n-th write to the database.
// What comes before it sets $in: function, payload, at (0 for never, -1 for the commit). Answers the number of writes before
// the commit, and the function's own answer.
$class = get_class($DB);
eval("class doomed_database extends $class {" . '
    public static $counted = 0;
    public static $fatal = 0;
    public static $committed = false;
    protected function query_start($sql, ?array $params, $type, $extrainfo = null) {
        $commits = $sql === "COMMIT";
        $writes = in_array($type, [SQL_QUERY_INSERT, SQL_QUERY_UPDATE], true) && !self::$committed;
        if (($writes && ++self::$counted === self::$fatal) || ($commits && self::$fatal === -1)) {
            posix_kill(getmypid(), SIGKILL);
        }
        self::$committed = self::$committed || $commits;
        parent::query_start($sql, $params, $type, $extrainfo);
    }
}');
$account = $DB->get_record('user', ['username' => 'lmstoolkit', 'deleted' => 0], '*', MUST_EXIST);
\core\session\manager::set_user($account);
$doomed = new doomed_database();
$doomed->connect($CFG->dbhost, $CFG->dbuser, $CFG->dbpass, $CFG->dbname, $CFG->prefix, $CFG->dboptions);
$DB = $doomed;
doomed_database::$fatal = $in['at'];
$answer = ['local_lmstoolkit\\external\\' . $in['function'], 'execute']($in['payload']);
return ['writes' => doomed_database::$counted, 'answer' => json_decode($answer, true)];
