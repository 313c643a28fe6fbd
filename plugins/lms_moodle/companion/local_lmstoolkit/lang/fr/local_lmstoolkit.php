<?php
// This file is part of lms-toolkit's companion for Moodle.
//
// It is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// It is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with it.  If not, see <https://www.gnu.org/licenses/>.
//
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * French texts of the companion.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['backup_stopped'] = 'Moodle s’est arrêté au milieu ; son journal des tâches dit pourquoi.';
$string['backup_unknown'] = 'ce n’est ni une sauvegarde Moodle ni un Common Cartridge';
$string['backup_unreadable'] = 'ce n’est pas une archive qui puisse être décompressée';
$string['backupinvalid'] = 'Cette sauvegarde ne peut pas être restaurée : {$a}.';
$string['check_assignstudent'] = 'Le compte de service peut inscrire des personnes comme étudiants.';
$string['check_completion'] = 'Le suivi d’achèvement est activé sur le site.';
$string['check_cron'] = 'Le cron a tourné dans la dernière heure (dernier départ : {$a}).';
$string['check_gradebookroles'] = 'Le carnet de notes montre au moins un rôle.';
$string['check_manualenrolment'] = 'L’inscription manuelle est activée.';
$string['check_scorm'] = 'L’activité SCORM est activée.';
$string['completionreset'] = 'Le critère d’achèvement de cette activité ou de ce cours changerait, et Moodle effacerait les dates d’achèvement de {$a} participant(s). Rien n’a été modifié.';
$string['coursenotfound'] = 'Il n’y a pas de cours d’identifiant {$a}.';
$string['jobnotfound'] = 'Il n’y a pas de tâche d’identifiant {$a}.';
$string['keynotfound'] = 'Rien dans ce cours ne porte la clé {$a} ; appliquez-la d’abord.';
$string['lmstoolkit:deploy'] = 'Déployer des cours avec lms-toolkit';
$string['lmstoolkit:readresults'] = 'Lire notes et achèvements avec lms-toolkit';
$string['lockbusy'] = 'Un autre déploiement écrit dans ce cours. Réessayez quand il sera terminé.';
$string['manifest_identifier'] = 'l’identifiant d’élément « {$a} » est vide, trop long ou employé deux fois';
$string['manifest_none'] = 'il n’a pas d’imsmanifest.xml de taille raisonnable à sa racine';
$string['manifest_nopage'] = 'aucun élément n’ouvre une ressource';
$string['manifest_nosco'] = 'aucun élément ne lance un SCO que Moodle reconnaît (attribut adlcp:scormtype, avec ce préfixe-là)';
$string['manifest_nozip'] = 'ce n’est pas un fichier zip';
$string['manifest_unplayable'] = 'Moodle n’y a rien trouvé à lancer';
$string['manifest_xml'] = 'son manifeste n’est pas un XML UTF-8 simple et bien formé (sans type de document) avec un élément manifest';
$string['manifestinvalid'] = 'Moodle ne peut pas jouer ce paquet : {$a}.';
$string['modulemissing'] = 'Ce site n’a pas activé {$a}.';
$string['packagemismatch'] = 'Le fichier déposé n’est pas celui annoncé, ou n’est plus là. Déposez-le à nouveau.';
$string['payload_missing'] = '{$a} manque';
$string['payload_noavailability'] = 'availability a des conditions, mais ce site n’a pas activé les restrictions d’accès';
$string['payload_nofiles'] = 'files nomme un contenu, mais rien n’a été déposé et il n’y a rien à garder';
$string['payload_nopackage'] = 'package est nul, mais il n’y a pas encore de paquet à garder';
$string['payload_notobject'] = 'ce n’est pas un objet JSON';
$string['payload_otherkind'] = '{$a->key} est un {$a->there} et ne peut devenir un {$a->declared} ; retirez-le d’abord avec delete';
$string['payload_twice'] = '{$a} figure deux fois dans un même objet';
$string['payload_type'] = '{$a->key} n’est pas {$a->type}';
$string['payload_type_address'] = 'une adresse web en http ou https que Moodle garde telle quelle';
$string['payload_type_after'] = 'nul ou un nombre entier';
$string['payload_type_anything'] = 'un objet';
$string['payload_type_atmost'] = 'au plus {$a}';
$string['payload_type_category'] = 'une clé de catégorie';
$string['payload_type_characters'] = 'un texte de {$a} caractères au plus';
$string['payload_type_choice'] = 'l’un de : {$a}';
$string['payload_type_condition'] = 'une condition d’une seule clé';
$string['payload_type_count'] = 'un nombre entier de 0 à 100000';
$string['payload_type_empty'] = 'vide';
$string['payload_type_enrolment'] = 'une clé d’inscription';
$string['payload_type_filename'] = 'un nom de fichier que Moodle garde tel quel';
$string['payload_type_flag'] = 'true ou false';
$string['payload_type_fornone'] = 'null ou 0, comme il se doit pour la méthode d’inscription {$a}';
$string['payload_type_gradedmodule'] = 'la clé d’un module noté';
$string['payload_type_group'] = 'une clé de groupe';
$string['payload_type_grouping'] = 'une clé de groupement';
$string['payload_type_id'] = 'un nombre entier supérieur à 0';
$string['payload_type_idnumber'] = 'un texte d’au plus 100 caractères';
$string['payload_type_imagefile'] = 'un objet de fichiers sans dossier, chacun d’un type parmi : {$a}';
$string['payload_type_line'] = 'une ligne de texte simple d’au plus 255 caractères que Moodle garde telle quelle';
$string['payload_type_list'] = 'une liste d’au plus {$a}';
$string['payload_type_map'] = 'un objet d’au plus {$a} clés';
$string['payload_type_maxpoints'] = 'un maximum que ce genre d’activité peut avoir';
$string['payload_type_module'] = 'une clé de module ou d’activité';
$string['payload_type_nofiles'] = 'nul, seule valeur possible pour ce genre d’activité';
$string['payload_type_nonempty'] = 'rempli';
$string['payload_type_nopackage'] = 'nul, seule valeur possible pour ce genre d’activité';
$string['payload_type_nothinghandedin'] = 'possible où rien n’est remis';
$string['payload_type_null'] = 'nul, comme il le faut où rien n’est noté';
$string['payload_type_object'] = 'un objet';
$string['payload_type_onemanual'] = 'une liste d’au plus une méthode manuelle, car Moodle n’en admet pas d’autre';
$string['payload_type_onetohundred'] = 'un nombre entier de 1 à 100';
$string['payload_type_onlygraded'] = 'possible où rien n’est noté (max_points est nul)';
$string['payload_type_onlywithtext'] = 'possible où aucun texte n’est remis';
$string['payload_type_page'] = 'un nombre entier de 1 à 500';
$string['payload_type_part'] = 'une clé de lettres, chiffres et . : _ -';
$string['payload_type_percent'] = 'un nombre de 0 à 100';
$string['payload_type_plain'] = 'une ligne d’au plus 255 caractères';
$string['payload_type_points'] = 'un nombre de 0 à 10000';
$string['payload_type_section'] = 'une clé de section';
$string['payload_type_sha1'] = 'un SHA-1 en hexadécimal minuscule';
$string['payload_type_sha256'] = 'un SHA-256 en hexadécimal minuscule';
$string['payload_type_somefiles'] = 'un objet avec au moins un fichier';
$string['payload_type_text'] = 'un texte d’au plus un mégaoctet sans caractères de contrôle';
$string['payload_type_time'] = 'un moment en secondes entières depuis 1970';
$string['payload_type_trackedmodule'] = 'la clé d’un module dont l’achèvement est suivi';
$string['payload_type_unique'] = 'une liste où chaque clé vient une fois';
$string['payload_unknown'] = '{$a} est inconnu';
$string['payloadinvalid'] = 'La charge utile n’est pas valable : {$a}.';
$string['pluginname'] = 'Compagnon de lms-toolkit';
$string['privacy:metadata'] = 'Le compagnon ne garde que la clé de chaque partie d’un cours, ce qui a été déclaré pour un cours, et l’issue des restaurations de sauvegardes. Il lit ce que Moodle garde des participants et le remet au compte de service autorisé.';
$string['questions_none'] = 'il n’y a pas de questions';
$string['questions_some'] = 'toutes les questions n’ont pas pu être importées';
$string['questions_xml'] = 'ce n’est pas du Moodle XML simple en UTF-8, bien formé et de taille raisonnable';
$string['questionsinvalid'] = 'Les questions ne peuvent pas être importées : {$a}. Rien n’a été modifié.';
$string['roledescription'] = 'Ce dont lms-toolkit a besoin pour déployer des cours et lire des résultats. Pour son compte de service seulement.';
$string['rolename'] = 'Service lms-toolkit';
$string['sectionnotfound'] = 'La section {$a} n’est pas encore dans ce cours ; appliquez-la d’abord.';
$string['settingforced'] = 'Ce site impose à tous les cours le réglage {$a} du carnet de notes ; laissez les cours en décider, puis réessayez.';
$string['taskrestore'] = 'Restaurer une sauvegarde pour lms-toolkit';
$string['trackloss'] = 'Des participants perdraient ce qu’ils ont fait dans : {$a}. Rien n’a été modifié.';
$string['trackloss_answers'] = 'les réponses à cette enquête';
$string['trackloss_criteria'] = 'les critères de cette évaluation par les pairs';
$string['trackloss_item'] = '« {$a->title} » ({$a->learners} participant(s))';
$string['trackloss_questions'] = 'les questions de ce test';
$string['trackloss_rubric'] = 'la grille d’évaluation de ce devoir';
$string['trackloss_submissions'] = 'ce qui a été remis';
$string['zip_bytes'] = 'le fichier « {$a} » prendrait une place démesurée une fois décompressé';
$string['zip_files'] = 'il contient plus de {$a} fichiers';
$string['zip_name'] = 'le nom « {$a} » peut mener hors du paquet';
