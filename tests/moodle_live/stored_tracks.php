// Everything that Moodle keeps of learners' work in a SCORM activity, by learner and SCO, without the ids of SCOs: those may
// change, their identifiers may not. What comes before it sets $in: cmid.
$cm = get_coursemodule_from_id('scorm', $in['cmid'], 0, false, MUST_EXIST);
$sql = "SELECT v.id, a.userid, a.attempt, s.identifier, e.element, v.value, v.timemodified
          FROM {scorm_scoes_value} v
          JOIN {scorm_attempt} a ON a.id = v.attemptid
          JOIN {scorm_scoes} s ON s.id = v.scoid AND s.scorm = a.scormid
          JOIN {scorm_element} e ON e.id = v.elementid
         WHERE a.scormid = ?";
$tracks = array_map(fn($row) => implode('|', array_slice((array) $row, 1)), $DB->get_records_sql($sql, [$cm->instance]));
sort($tracks);
$sql = "SELECT COUNT(*) FROM {scorm_scoes_value} v JOIN {scorm_attempt} a ON a.id = v.attemptid WHERE a.scormid = ?";
$sql2 = "SELECT g.userid, g.rawgrade, g.finalgrade
           FROM {grade_grades} g
           JOIN {grade_items} i ON i.id = g.itemid
          WHERE i.itemtype = 'mod' AND i.itemmodule = 'scorm' AND i.iteminstance = ? AND i.itemnumber = 0
       ORDER BY g.userid";
$grades = array_map(fn($row) => implode('|', (array) $row), array_values($DB->get_records_sql($sql2, [$cm->instance])));
$attempts = $DB->get_records('scorm_attempt', ['scormid' => $cm->instance], 'userid, attempt', 'id, userid, attempt');
return [
    'tracks' => $tracks,
    'rows' => (int) $DB->count_records_sql($sql, [$cm->instance]),
    'attempts' => array_map(fn($row) => "$row->userid|$row->attempt", array_values($attempts)),
    'grades' => $grades,
    'scos' => array_values($DB->get_records_select_menu(
        'scorm_scoes', "scorm = ? AND launch <> ''", [$cm->instance], 'sortorder, id', 'id, identifier'
    )),
];
