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
$string['cursorexpired'] = 'Rien ne peut être lu à partir de là : c’est trop ancien, ou le cours a été réinitialisé, restauré ou a perdu une activité. Tout est à relire.';
$string['filesclosed'] = 'Ce compte ne peut pas avoir de fichiers personnels.';
$string['filetaken'] = 'Les fichiers personnels ont déjà un fichier {$a} qui n’a pas été remis pour ce cours. Rien n’a changé.';
$string['health'] = 'Contrôle de l’état';
$string['health_account_admin'] = 'Le compte {$a->name} est administrateur du site : qui détient son jeton peut tout faire.';
$string['health_account_admin_fix'] = 'Retirez-le de la liste des administrateurs du site.';
$string['health_account_dated'] = 'Le compte {$a->name} peut utiliser le service avec une date de fin, que Moodle compare à l’envers : jusqu’à cette date, il est refusé.';
$string['health_account_dated_fix'] = 'Supprimez la date de l’utilisateur autorisé ; limitez plutôt le jeton.';
$string['health_account_first'] = 'Visible dès qu’il y a un compte de service.';
$string['health_account_nologin'] = 'Le compte {$a->name} a l’authentification « Pas de connexion », et Moodle refuse son jeton.';
$string['health_account_nologin_fix'] = 'Réglez son authentification sur Comptes manuels.';
$string['health_account_none'] = 'Il n’y a pas encore de compte de service.';
$string['health_account_none_fix'] = 'Sur le serveur Moodle, en tant qu’utilisateur du serveur web, exécutez : {$a->setup} – cela crée le rôle, le compte et son jeton.';
$string['health_account_ok'] = 'Le compte {$a->name} peut entrer par jeton.';
$string['health_account_password'] = 'Le compte {$a->name} doit d’abord changer de mot de passe, ce que personne ne fait pour lui.';
$string['health_account_password_fix'] = 'Décochez « Imposer le changement du mot de passe », ou exécutez : {$a->setup}';
$string['health_account_policy'] = 'Le compte {$a->name} n’a pas accepté les politiques du site.';
$string['health_account_policy_fix'] = 'Acceptez-les pour lui, ou exécutez : {$a->setup}';
$string['health_account_suspended'] = 'Le compte {$a->name} est suspendu.';
$string['health_account_suspended_fix'] = 'Décochez « Compte suspendu ».';
$string['health_account_unauthorised'] = 'Le compte {$a->name} n’est pas parmi les utilisateurs du service lms-toolkit.';
$string['health_account_unauthorised_fix'] = 'Ajoutez-le aux utilisateurs autorisés, ou exécutez : {$a->setup}';
$string['health_account_unconfirmed'] = 'Le compte {$a->name} n’est pas confirmé.';
$string['health_account_unconfirmed_fix'] = 'Confirmez-le dans la liste des utilisateurs.';
$string['health_activities_ok'] = 'Tous les types d’activité que les cours utilisent sont activés.';
$string['health_activities_scorm'] = 'Les paquetages SCORM sont désactivés, et chaque module d’un cours en est un.';
$string['health_activities_scorm_fix'] = 'Activez Paquetage SCORM.';
$string['health_activities_some'] = 'Ces types d’activité sont désactivés : {$a->kinds}. Les cours qui les utilisent ne peuvent pas être déployés en entier.';
$string['health_activities_some_fix'] = 'Activez ceux que vos cours utilisent.';
$string['health_completion_off'] = 'Le suivi d’achèvement est désactivé : rien ne peut être achevé.';
$string['health_completion_off_fix'] = 'Activez « Activer le suivi d’achèvement ».';
$string['health_completion_ok'] = 'Le suivi d’achèvement est activé.';
$string['health_cron_late'] = 'Le cron n’a pas tourné depuis une heure (dernier démarrage : {$a->last}) : achèvements, restaurations et tâches l’attendent.';
$string['health_cron_late_fix'] = 'Faites exécuter admin/cli/cron.php chaque minute par le serveur.';
$string['health_cron_ok'] = 'Le cron tourne (dernier démarrage : {$a->last}).';
$string['health_debugdisplay_ok'] = 'Les messages de débogage ne sont pas affichés.';
$string['health_debugdisplay_on'] = 'Les messages de débogage sont affichés à tout le monde, aussi au milieu des réponses des services web.';
$string['health_debugdisplay_on_fix'] = 'Désactivez « Afficher les messages de débogage ».';
$string['health_enrolment_off'] = 'Les inscriptions manuelles sont désactivées : personne ne peut être inscrit depuis une liste.';
$string['health_enrolment_off_fix'] = 'Activez Inscriptions manuelles.';
$string['health_enrolment_ok'] = 'Les inscriptions manuelles sont activées.';
$string['health_found'] = 'Constat';
$string['health_gradebookroles_none'] = 'Aucun rôle n’est noté : tous les carnets de notes sont vides.';
$string['health_gradebookroles_none_fix'] = 'Choisissez le rôle étudiant sous « Rôles évalués ».';
$string['health_gradebookroles_ok'] = 'Le carnet de notes affiche au moins un rôle.';
$string['health_https_off'] = 'L’adresse du site est {$a->url} : le jeton voyage sans chiffrement.';
$string['health_https_off_fix'] = 'Servez le site en HTTPS et adaptez $CFG->wwwroot.';
$string['health_https_ok'] = 'Le jeton voyage chiffré, ou ne quitte pas cette machine.';
$string['health_inputvars_cut'] = 'PHP accepte {$a->there} champs de formulaire (max_input_vars) et abandonne les autres en silence ; les appels en ont jusqu’à {$a->needed}.';
$string['health_inputvars_cut_fix'] = 'Réglez max_input_vars = {$a->recommended} dans php.ini.';
$string['health_inputvars_few'] = 'PHP accepte {$a->there} champs de formulaire (max_input_vars) : assez pour lms-toolkit, trop peu pour les grands formulaires de Moodle.';
$string['health_inputvars_few_fix'] = 'Réglez max_input_vars = {$a->recommended} dans php.ini.';
$string['health_inputvars_ok'] = 'PHP accepte {$a->there} champs de formulaire.';
$string['health_intro'] = 'Ce que lms-toolkit attend de ce site. « lms-toolkit doctor » pose presque les mêmes questions de l’extérieur, et vérifie que le site est joignable.';
$string['health_limits_cli'] = 'Seule la page web peut le dire : le PHP de la ligne de commande a ses propres limites.';
$string['health_multilang_off'] = '{$a->courses} cours de lms-toolkit contiennent des textes en plusieurs langues à la fois, et aucun filtre n’est activé pour eux : les apprenants voient toutes les langues à la suite.';
$string['health_multilang_off_fix'] = 'Activez le filtre Contenu multilingue, pour le contenu et les titres.';
$string['health_multilang_ok'] = 'Aucun cours de lms-toolkit ne contient de textes en plusieurs langues à la fois, ou leur filtre est activé.';
$string['health_name_account'] = 'Compte de service';
$string['health_name_activities'] = 'Types d’activité';
$string['health_name_completion'] = 'Suivi d’achèvement';
$string['health_name_cron'] = 'Cron';
$string['health_name_debugdisplay'] = 'Messages de débogage';
$string['health_name_enrolment'] = 'Inscriptions manuelles';
$string['health_name_gradebookroles'] = 'Rôles évalués';
$string['health_name_https'] = 'Chiffrement';
$string['health_name_inputvars'] = 'Champs de formulaire';
$string['health_name_multilang'] = 'Textes en plusieurs langues';
$string['health_name_rest'] = 'Protocole REST';
$string['health_name_role'] = 'Rôle du compte de service';
$string['health_name_service'] = 'Service lms-toolkit';
$string['health_name_token'] = 'Jeton';
$string['health_name_uploads'] = 'Taille des dépôts';
$string['health_name_versions'] = 'Versions';
$string['health_name_webservices'] = 'Services web';
$string['health_none'] = 'Rien ne fait obstacle.';
$string['health_open'] = 'Ouvrir la page';
$string['health_problems'] = 'Problèmes trouvés : {$a}. Résolvez-les de haut en bas ; l’un peut causer ceux qui le suivent.';
$string['health_rest_off'] = 'Le protocole REST est désactivé : le site répond 403 à chaque appel.';
$string['health_rest_off_fix'] = 'Activez-le, ou exécutez : {$a->setup}';
$string['health_rest_ok'] = 'Le protocole REST est activé.';
$string['health_role_capabilities'] = 'Le rôle du compte n’autorise pas : {$a->capabilities}';
$string['health_role_capabilities_fix'] = 'Autorisez-les dans le rôle, ou exécutez : {$a->setup} – un droit qu’un autre rôle interdit doit y être autorisé.';
$string['health_role_none'] = 'Le compte n’a pas le rôle de service lms-toolkit dans le système.';
$string['health_role_none_fix'] = 'Exécutez : {$a->setup}';
$string['health_role_ok'] = 'Le rôle du compte autorise tout ce qui est nécessaire.';
$string['health_role_student'] = 'Le rôle du compte ne permet pas d’inscrire quelqu’un comme étudiant.';
$string['health_role_student_fix'] = 'Autorisez ce rôle à attribuer Étudiant, ou exécutez : {$a->setup}';
$string['health_service_disabled'] = 'Le service est désactivé.';
$string['health_service_disabled_fix'] = 'Cochez « Activé », ou exécutez : {$a->setup}';
$string['health_service_functions'] = 'Il manque au service ces fonctions : {$a->functions}';
$string['health_service_functions_fix'] = 'Ajoutez-les au service ; celles que Moodle n’y propose pas viennent avec la prochaine mise à jour du compagnon.';
$string['health_service_none'] = 'Le service lms-toolkit n’existe pas.';
$string['health_service_none_fix'] = 'Terminez la mise à jour sous Notifications ; si cela ne le rétablit pas, réinstallez le compagnon.';
$string['health_service_ok'] = 'Le service est activé, permet les dépôts et contient toutes les fonctions.';
$string['health_service_uploads'] = 'Le service n’autorise pas les dépôts : aucun paquetage ne peut être envoyé.';
$string['health_service_uploads_fix'] = 'Cochez « Peut déposer des fichiers ».';
$string['health_todo'] = 'Que faire';
$string['health_token_none'] = 'Le compte n’a aucun jeton valide.';
$string['health_token_none_fix'] = 'Exécutez : {$a->setup} – et réglez le jeton affiché dans l’outil.';
$string['health_token_ok'] = 'Le compte a un jeton sans date de fin.';
$string['health_token_ok_until'] = 'Le compte a un jeton valable jusqu’au {$a->until}.';
$string['health_token_soon'] = 'Le jeton du compte expire bientôt : {$a->until}';
$string['health_token_soon_fix'] = 'Exécutez : {$a->setup} --renew – et réglez le nouveau jeton dans l’outil ; l’ancien cesse aussitôt de fonctionner.';
$string['health_uploads_ok'] = 'Des paquetages jusqu’à {$a->largest} peuvent être déposés.';
$string['health_uploads_post'] = 'post_max_size de PHP ({$a->post}) est inférieur à upload_max_filesize ({$a->upload}) : les fichiers entre les deux arrivent comme un formulaire vide.';
$string['health_uploads_post_fix'] = 'Réglez post_max_size un peu au-dessus de upload_max_filesize dans php.ini.';
$string['health_uploads_small'] = 'Les paquetages sont limités à {$a->largest}.';
$string['health_uploads_small_fix'] = 'Augmentez upload_max_filesize et post_max_size dans php.ini, la limite du serveur web, et « Taille maximale des fichiers déposés ».';
$string['health_versions_ok'] = 'Compagnon {$a->companion} sur Moodle {$a->moodle}.';
$string['health_versions_untested'] = 'Le compagnon {$a->companion} n’a pas été testé sur Moodle {$a->moodle}.';
$string['health_versions_untested_fix'] = 'Installez le compagnon d’un lms-toolkit plus récent.';
$string['health_versions_upgrade'] = 'Les fichiers du compagnon sont en version {$a->companion}, ses tables sont d’une autre version.';
$string['health_versions_upgrade_fix'] = 'Lancez la mise à jour sous Notifications.';
$string['health_webservices_off'] = 'Les services web sont désactivés : le site répond 403 à chaque appel.';
$string['health_webservices_off_fix'] = 'Activez « Activer les services web », ou exécutez : {$a->setup}';
$string['health_webservices_ok'] = 'Les services web sont activés.';
$string['jobnotfound'] = 'Il n’y a pas de tâche d’identifiant {$a}.';
$string['keynotfound'] = 'Rien dans ce cours ne porte la clé {$a} ; appliquez-la d’abord.';
$string['lmstoolkit:deliver'] = 'Déposer des fichiers parmi les fichiers personnels des apprenants avec lms-toolkit';
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
$string['notenrolled'] = 'Ce compte n’est pas inscrit au cours.';
$string['outboxdays'] = 'Jours de conservation des changements';
$string['outboxdays_desc'] = 'Durée de conservation de la liste des notes et achèvements changés, de 1 à 999 jours. Une récupération plus tardive relit tout.';
$string['outboxlag'] = 'Temps de stabilisation d’un changement, en secondes';
$string['outboxlag_desc'] = 'Un changement est transmis de nouveau jusqu’à cet âge, de 0 à 60 secondes, car un changement noté plus tôt peut devenir visible plus tard. Augmentez-le si les requêtes à ce site durent longtemps.';
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
$string['payload_type_anything'] = 'un objet';
$string['payload_type_atmost'] = 'au plus {$a}';
$string['payload_type_category'] = 'une clé de catégorie';
$string['payload_type_characters'] = 'un texte de {$a} caractères au plus';
$string['payload_type_choice'] = 'l’un de : {$a}';
$string['payload_type_condition'] = 'une condition d’une seule clé';
$string['payload_type_count'] = 'un nombre entier de 0 à 100000';
$string['payload_type_cursor'] = 'un nombre entier à partir de 0';
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
$string['payload_type_part'] = 'une clé de lettres, chiffres et . : _ -';
$string['payload_type_pdf'] = 'un PDF';
$string['payload_type_pdfname'] = 'un nom de fichier d’au plus 100 lettres, chiffres, points, tirets et tirets bas qui finit par .pdf';
$string['payload_type_percent'] = 'un nombre de 0 à 100';
$string['payload_type_plain'] = 'une ligne d’au plus 255 caractères';
$string['payload_type_points'] = 'un nombre de 0 à 10000';
$string['payload_type_position'] = 'nul ou ce que la page précédente a dit';
$string['payload_type_rows'] = 'un nombre entier de 1 à 5000';
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
$string['privacy:metadata:files'] = 'Les certificats sont déposés parmi les fichiers personnels de leurs titulaires, là où l’institution le veut.';
$string['privacy:metadata:outbox'] = 'Qui a de nouveaux résultats, pendant quelques semaines, afin que le compte de service autorisé n’ait pas à tout relire.';
$string['privacy:metadata:outbox:courseid'] = 'Le cours';
$string['privacy:metadata:outbox:kind'] = 'Ce qui a changé : une note, un achèvement, une tentative, l’inscription ou le compte';
$string['privacy:metadata:outbox:thing'] = 'L’activité ou l’élément du carnet de notes';
$string['privacy:metadata:outbox:timecreated'] = 'Quand cela a changé';
$string['privacy:metadata:outbox:userid'] = 'De qui il s’agit';
$string['questions_none'] = 'il n’y a pas de questions';
$string['questions_some'] = 'toutes les questions n’ont pas pu être importées';
$string['questions_xml'] = 'ce n’est pas du Moodle XML simple en UTF-8, bien formé et de taille raisonnable';
$string['questionsinvalid'] = 'Les questions ne peuvent pas être importées : {$a}. Rien n’a été modifié.';
$string['quotafull'] = 'Les fichiers personnels de ce compte n’ont plus de place. Rien n’a changé.';
$string['roledescription'] = 'Ce dont lms-toolkit a besoin pour déployer des cours et lire des résultats. Pour son compte de service seulement.';
$string['rolename'] = 'Service lms-toolkit';
$string['sectionnotfound'] = 'La section {$a} n’est pas encore dans ce cours ; appliquez-la d’abord.';
$string['settingforced'] = 'Ce site impose à tous les cours le réglage {$a} du carnet de notes ; laissez les cours en décider, puis réessayez.';
$string['settings'] = 'Réglages';
$string['taskhealpages'] = 'Rétablir les pages de cours laissées par un déploiement interrompu de lms-toolkit';
$string['taskprune'] = 'Supprimer les anciens relevés de résultats modifiés';
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
