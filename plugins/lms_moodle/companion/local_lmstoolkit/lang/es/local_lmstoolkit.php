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
 * Spanish texts of the companion.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['backup_stopped'] = 'Moodle se detuvo a mitad del proceso; su registro de tareas dice por qué.';
$string['backup_unknown'] = 'no es una copia de seguridad de Moodle ni un Common Cartridge';
$string['backup_unreadable'] = 'no es un archivo que se pueda descomprimir';
$string['backupinvalid'] = 'Esta copia de seguridad no se puede restaurar: {$a}.';
$string['check_assignstudent'] = 'La cuenta de servicio puede matricular a personas como estudiantes.';
$string['check_completion'] = 'El seguimiento de finalización está activado en el sitio.';
$string['check_cron'] = 'El cron se ha ejecutado en la última hora (último inicio: {$a}).';
$string['check_gradebookroles'] = 'El libro de calificaciones muestra al menos un rol.';
$string['check_manualenrolment'] = 'La matriculación manual está activada.';
$string['check_scorm'] = 'La actividad SCORM está activada.';
$string['completionreset'] = 'Cambiaría lo que completa esta actividad o este curso, y Moodle borraría las fechas de finalización de {$a} participante(s). No se ha cambiado nada.';
$string['coursenotfound'] = 'No hay ningún curso con el identificador {$a}.';
$string['cursorexpired'] = 'No se puede seguir leyendo desde ahí: hace demasiado tiempo, o el curso se reinició, se restauró o perdió una actividad. Hay que leerlo todo de nuevo.';
$string['filesclosed'] = 'Esta cuenta no puede tener archivos privados.';
$string['filetaken'] = 'Entre los archivos privados ya hay un archivo {$a} que no se entregó para este curso. No se ha cambiado nada.';
$string['health'] = 'Comprobación del estado';
$string['health_account_admin'] = 'La cuenta {$a->name} es administradora del sitio: quien tenga su token puede hacerlo todo.';
$string['health_account_admin_fix'] = 'Quítela de la lista de administradores del sitio.';
$string['health_account_dated'] = 'La cuenta {$a->name} puede usar el servicio con una fecha de fin, que Moodle compara al revés: hasta esa fecha queda excluida.';
$string['health_account_dated_fix'] = 'Quite la fecha del usuario autorizado; limite en su lugar el token.';
$string['health_account_first'] = 'Se verá cuando haya una cuenta de servicio.';
$string['health_account_nologin'] = 'La cuenta {$a->name} tiene la autenticación «Sin inicio de sesión» y Moodle rechaza su token.';
$string['health_account_nologin_fix'] = 'Ponga su autenticación en Cuentas manuales.';
$string['health_account_none'] = 'Todavía no hay cuenta de servicio.';
$string['health_account_none_fix'] = 'En el servidor de Moodle, como usuario del servidor web, ejecute: {$a->setup} – crea el rol, la cuenta y su token.';
$string['health_account_ok'] = 'La cuenta {$a->name} puede entrar con su token.';
$string['health_account_password'] = 'La cuenta {$a->name} debe cambiar antes su contraseña, y nadie lo hace por ella.';
$string['health_account_password_fix'] = 'Desmarque «Forzar cambio de contraseña» o ejecute: {$a->setup}';
$string['health_account_policy'] = 'La cuenta {$a->name} no ha aceptado las políticas del sitio.';
$string['health_account_policy_fix'] = 'Acéptelas por ella o ejecute: {$a->setup}';
$string['health_account_suspended'] = 'La cuenta {$a->name} está suspendida.';
$string['health_account_suspended_fix'] = 'Desmarque «Cuenta suspendida».';
$string['health_account_unauthorised'] = 'La cuenta {$a->name} no está entre los usuarios del servicio lms-toolkit.';
$string['health_account_unauthorised_fix'] = 'Añádala a los usuarios autorizados o ejecute: {$a->setup}';
$string['health_account_unconfirmed'] = 'La cuenta {$a->name} no está confirmada.';
$string['health_account_unconfirmed_fix'] = 'Confírmela en la lista de usuarios.';
$string['health_activities_ok'] = 'Todos los tipos de actividad que usan los cursos están activados.';
$string['health_activities_scorm'] = 'Los paquetes SCORM están desactivados, y cada módulo de un curso es uno de ellos.';
$string['health_activities_scorm_fix'] = 'Active Paquete SCORM.';
$string['health_activities_some'] = 'Estos tipos de actividad están desactivados: {$a->kinds}. Los cursos que los usan no se pueden desplegar enteros.';
$string['health_activities_some_fix'] = 'Active los que usen sus cursos.';
$string['health_completion_off'] = 'El seguimiento de finalización está desactivado: nada se puede completar.';
$string['health_completion_off_fix'] = 'Active «Habilitar el seguimiento de finalización».';
$string['health_completion_ok'] = 'El seguimiento de finalización está activado.';
$string['health_cron_late'] = 'El cron no se ha ejecutado en la última hora (último inicio: {$a->last}): lo esperan finalizaciones, restauraciones y tareas.';
$string['health_cron_late_fix'] = 'Haga que el servidor ejecute admin/cli/cron.php cada minuto.';
$string['health_cron_ok'] = 'El cron se ejecuta (último inicio: {$a->last}).';
$string['health_debugdisplay_ok'] = 'Los mensajes de depuración no se muestran.';
$string['health_debugdisplay_on'] = 'Los mensajes de depuración se muestran a todos, también en medio de las respuestas de los servicios web.';
$string['health_debugdisplay_on_fix'] = 'Desactive «Mostrar mensajes de depuración».';
$string['health_enrolment_off'] = 'Las matriculaciones manuales están desactivadas: nadie se puede matricular desde una lista.';
$string['health_enrolment_off_fix'] = 'Active Matriculación manual.';
$string['health_enrolment_ok'] = 'Las matriculaciones manuales están activadas.';
$string['health_found'] = 'Resultado';
$string['health_gradebookroles_none'] = 'No se califica ningún rol: todos los libros de calificaciones están vacíos.';
$string['health_gradebookroles_none_fix'] = 'Elija el rol de estudiante en «Roles calificados».';
$string['health_gradebookroles_ok'] = 'El libro de calificaciones muestra al menos un rol.';
$string['health_https_off'] = 'La dirección del sitio es {$a->url}: el token viaja sin cifrar.';
$string['health_https_off_fix'] = 'Sirva el sitio por HTTPS y ajuste $CFG->wwwroot.';
$string['health_https_ok'] = 'El token viaja cifrado o no sale de esta máquina.';
$string['health_inputvars_cut'] = 'PHP acepta {$a->there} campos de formulario (max_input_vars) y descarta los demás en silencio; las llamadas tienen hasta {$a->needed}.';
$string['health_inputvars_cut_fix'] = 'Ponga max_input_vars = {$a->recommended} en php.ini.';
$string['health_inputvars_few'] = 'PHP acepta {$a->there} campos de formulario (max_input_vars): bastan para lms-toolkit, no para los formularios grandes de Moodle.';
$string['health_inputvars_few_fix'] = 'Ponga max_input_vars = {$a->recommended} en php.ini.';
$string['health_inputvars_ok'] = 'PHP acepta {$a->there} campos de formulario.';
$string['health_intro'] = 'Lo que lms-toolkit necesita de este sitio. «lms-toolkit doctor» pregunta casi lo mismo desde fuera, y si desde allí se llega al sitio.';
$string['health_limits_cli'] = 'Solo la página web puede decirlo: el PHP de la línea de comandos tiene sus propios límites.';
$string['health_multilang_off'] = '{$a->courses} curso(s) de lms-toolkit tienen textos en varios idiomas a la vez y ningún filtro para ellos está activo: los alumnos ven todos los idiomas seguidos.';
$string['health_multilang_off_fix'] = 'Active el filtro Contenido multilingüe, para contenido y encabezados.';
$string['health_multilang_ok'] = 'Ningún curso de lms-toolkit tiene textos en varios idiomas a la vez, o su filtro está activo.';
$string['health_name_account'] = 'Cuenta de servicio';
$string['health_name_activities'] = 'Tipos de actividad';
$string['health_name_completion'] = 'Seguimiento de finalización';
$string['health_name_cron'] = 'Cron';
$string['health_name_debugdisplay'] = 'Mensajes de depuración';
$string['health_name_enrolment'] = 'Matriculaciones manuales';
$string['health_name_gradebookroles'] = 'Roles calificados';
$string['health_name_https'] = 'Cifrado';
$string['health_name_inputvars'] = 'Campos de formulario';
$string['health_name_multilang'] = 'Textos en varios idiomas';
$string['health_name_rest'] = 'Protocolo REST';
$string['health_name_role'] = 'Rol de la cuenta de servicio';
$string['health_name_service'] = 'Servicio lms-toolkit';
$string['health_name_token'] = 'Token';
$string['health_name_uploads'] = 'Tamaño de las subidas';
$string['health_name_versions'] = 'Versiones';
$string['health_name_webservices'] = 'Servicios web';
$string['health_none'] = 'Nada se interpone.';
$string['health_open'] = 'Abrir la página';
$string['health_problems'] = 'Problemas encontrados: {$a}. Resuélvalos de arriba abajo; uno puede causar los siguientes.';
$string['health_rest_off'] = 'El protocolo REST está desactivado: el sitio responde 403 a cada llamada.';
$string['health_rest_off_fix'] = 'Actívelo o ejecute: {$a->setup}';
$string['health_rest_ok'] = 'El protocolo REST está activado.';
$string['health_role_capabilities'] = 'El rol de la cuenta no permite: {$a->capabilities}';
$string['health_role_capabilities_fix'] = 'Permítalas en el rol o ejecute: {$a->setup} – un permiso que otro rol prohíbe hay que permitirlo allí.';
$string['health_role_none'] = 'La cuenta no tiene el rol de servicio de lms-toolkit en el sistema.';
$string['health_role_none_fix'] = 'Ejecute: {$a->setup}';
$string['health_role_ok'] = 'El rol de la cuenta permite todo lo necesario.';
$string['health_role_student'] = 'El rol de la cuenta no permite hacer estudiante a nadie.';
$string['health_role_student_fix'] = 'Permita que ese rol asigne Estudiante o ejecute: {$a->setup}';
$string['health_service_disabled'] = 'El servicio está desactivado.';
$string['health_service_disabled_fix'] = 'Marque «Habilitado» o ejecute: {$a->setup}';
$string['health_service_functions'] = 'Al servicio le faltan estas funciones: {$a->functions}';
$string['health_service_functions_fix'] = 'Añádalas al servicio; las que Moodle no ofrezca allí vienen con la próxima actualización del complemento.';
$string['health_service_none'] = 'El servicio lms-toolkit no existe.';
$string['health_service_none_fix'] = 'Termine la actualización en Notificaciones; si no lo devuelve, instale de nuevo el complemento.';
$string['health_service_ok'] = 'El servicio está habilitado, permite subidas y tiene todas las funciones.';
$string['health_service_uploads'] = 'El servicio no permite subidas: no se puede enviar ningún paquete.';
$string['health_service_uploads_fix'] = 'Marque «Puede subir archivos».';
$string['health_todo'] = 'Qué hacer';
$string['health_token_none'] = 'La cuenta no tiene ningún token válido.';
$string['health_token_none_fix'] = 'Ejecute: {$a->setup} – y ponga el token que imprime en la herramienta.';
$string['health_token_ok'] = 'La cuenta tiene un token que no caduca.';
$string['health_token_ok_until'] = 'La cuenta tiene un token válido hasta {$a->until}.';
$string['health_token_soon'] = 'El token de la cuenta caduca pronto: {$a->until}';
$string['health_token_soon_fix'] = 'Ejecute: {$a->setup} --renew – y ponga el token nuevo en la herramienta; el anterior deja de valer al instante.';
$string['health_uploads_ok'] = 'Se pueden subir paquetes de hasta {$a->largest}.';
$string['health_uploads_post'] = 'post_max_size de PHP ({$a->post}) es menor que upload_max_filesize ({$a->upload}): los archivos intermedios llegan como un formulario vacío.';
$string['health_uploads_post_fix'] = 'Ponga post_max_size un poco por encima de upload_max_filesize en php.ini.';
$string['health_uploads_small'] = 'Los paquetes pueden tener como máximo {$a->largest}.';
$string['health_uploads_small_fix'] = 'Suba upload_max_filesize y post_max_size en php.ini, el límite del servidor web y «Tamaño máximo de archivo subido».';
$string['health_versions_ok'] = 'Complemento {$a->companion} en Moodle {$a->moodle}.';
$string['health_versions_untested'] = 'El complemento {$a->companion} no se ha probado en Moodle {$a->moodle}.';
$string['health_versions_untested_fix'] = 'Instale el complemento de un lms-toolkit más reciente.';
$string['health_versions_upgrade'] = 'Los archivos del complemento son {$a->companion}, sus tablas de otra versión.';
$string['health_versions_upgrade_fix'] = 'Ejecute la actualización en Notificaciones.';
$string['health_webservices_off'] = 'Los servicios web están desactivados: el sitio responde 403 a cada llamada.';
$string['health_webservices_off_fix'] = 'Active «Habilitar servicios web» o ejecute: {$a->setup}';
$string['health_webservices_ok'] = 'Los servicios web están activados.';
$string['jobnotfound'] = 'No hay ninguna tarea con el identificador {$a}.';
$string['keynotfound'] = 'Nada en este curso lleva la clave {$a}; aplíquela primero.';
$string['lmstoolkit:deliver'] = 'Poner archivos entre los archivos privados de los participantes con lms-toolkit';
$string['lmstoolkit:deploy'] = 'Desplegar cursos con lms-toolkit';
$string['lmstoolkit:readresults'] = 'Leer calificaciones y finalizaciones con lms-toolkit';
$string['lockbusy'] = 'Otro despliegue está escribiendo en este curso. Inténtelo de nuevo cuando termine.';
$string['manifest_identifier'] = 'el identificador de elemento «{$a}» está vacío, es demasiado largo o se usa dos veces';
$string['manifest_none'] = 'no tiene un imsmanifest.xml de tamaño razonable en su raíz';
$string['manifest_nopage'] = 'ningún elemento abre un recurso';
$string['manifest_nosco'] = 'ningún elemento lanza un SCO que Moodle reconozca (atributo adlcp:scormtype, con ese mismo prefijo)';
$string['manifest_nozip'] = 'no es un archivo zip';
$string['manifest_unplayable'] = 'Moodle no encontró nada que lanzar en él';
$string['manifest_xml'] = 'su manifiesto no es un XML UTF-8 simple y bien formado (sin tipo de documento) con un elemento manifest';
$string['manifestinvalid'] = 'Moodle no puede reproducir este paquete: {$a}.';
$string['modulemissing'] = 'Este sitio no ha activado {$a}.';
$string['notenrolled'] = 'Esta cuenta no está matriculada en el curso.';
$string['outboxdays'] = 'Días que se guardan los cambios';
$string['outboxdays_desc'] = 'Cuánto tiempo se guarda la lista de calificaciones y finalizaciones cambiadas, de 1 a 999 días. Una recogida posterior lo lee todo de nuevo.';
$string['outboxlag'] = 'Tiempo de asentamiento de un cambio, en segundos';
$string['outboxlag_desc'] = 'Un cambio se comunica de nuevo hasta que tiene esa edad, de 0 a 60 segundos, porque uno anotado antes puede hacerse visible después. Auméntelo si las peticiones a este sitio duran mucho.';
$string['packagemismatch'] = 'El archivo subido no es el anunciado o ya no está. Súbalo de nuevo.';
$string['payload_missing'] = 'falta {$a}';
$string['payload_noavailability'] = 'availability tiene condiciones, pero este sitio no ha activado las restricciones de acceso';
$string['payload_nofiles'] = 'files nombra un contenido, pero no se ha subido nada y no hay nada que conservar';
$string['payload_nopackage'] = 'package es nulo, pero aún no hay ningún paquete que conservar';
$string['payload_notobject'] = 'no es un objeto JSON';
$string['payload_otherkind'] = '{$a->key} es un {$a->there} y no puede convertirse en un {$a->declared}; retírelo antes con delete';
$string['payload_twice'] = '{$a} aparece dos veces en un mismo objeto';
$string['payload_type'] = '{$a->key} no es {$a->type}';
$string['payload_type_address'] = 'una dirección web con http o https que Moodle guarda sin cambios';
$string['payload_type_anything'] = 'un objeto';
$string['payload_type_atmost'] = 'como máximo {$a}';
$string['payload_type_category'] = 'una clave de categoría';
$string['payload_type_characters'] = 'un texto de {$a} caracteres como máximo';
$string['payload_type_choice'] = 'uno de: {$a}';
$string['payload_type_condition'] = 'una condición de exactamente una clave';
$string['payload_type_count'] = 'un número entero de 0 a 100000';
$string['payload_type_cursor'] = 'un número entero a partir de 0';
$string['payload_type_empty'] = 'vacío';
$string['payload_type_enrolment'] = 'una clave de matriculación';
$string['payload_type_filename'] = 'un nombre de archivo que Moodle guarda sin cambios';
$string['payload_type_flag'] = 'true o false';
$string['payload_type_fornone'] = 'null o 0, como debe ser para el método de matriculación {$a}';
$string['payload_type_gradedmodule'] = 'la clave de un módulo calificado';
$string['payload_type_group'] = 'una clave de grupo';
$string['payload_type_grouping'] = 'una clave de agrupamiento';
$string['payload_type_id'] = 'un número entero mayor que 0';
$string['payload_type_idnumber'] = 'un texto de 100 caracteres como máximo';
$string['payload_type_imagefile'] = 'un objeto de archivos sin carpeta, cada uno de un tipo de: {$a}';
$string['payload_type_line'] = 'una línea de texto simple de 255 caracteres como máximo que Moodle guarda sin cambios';
$string['payload_type_list'] = 'una lista de {$a} como máximo';
$string['payload_type_map'] = 'un objeto de {$a} claves como máximo';
$string['payload_type_maxpoints'] = 'un máximo que este tipo de actividad puede tener';
$string['payload_type_module'] = 'una clave de módulo o de actividad';
$string['payload_type_nofiles'] = 'nulo, lo único posible en este tipo de actividad';
$string['payload_type_nonempty'] = 'nada: está vacío';
$string['payload_type_nopackage'] = 'nulo, lo único posible en este tipo de actividad';
$string['payload_type_nothinghandedin'] = 'posible donde no se entrega nada';
$string['payload_type_null'] = 'nulo, como debe ser donde nada se califica';
$string['payload_type_object'] = 'un objeto';
$string['payload_type_onemanual'] = 'una lista con un solo método manual como máximo, pues Moodle no permite otro';
$string['payload_type_onetohundred'] = 'un número entero de 1 a 100';
$string['payload_type_onlygraded'] = 'posible donde nada se califica (max_points es nulo)';
$string['payload_type_onlywithtext'] = 'posible donde no se entrega texto';
$string['payload_type_part'] = 'una clave de letras, cifras y . : _ -';
$string['payload_type_pdf'] = 'un PDF';
$string['payload_type_pdfname'] = 'un nombre de archivo de 100 letras, cifras, puntos, guiones y guiones bajos como máximo que termina en .pdf';
$string['payload_type_percent'] = 'un número de 0 a 100';
$string['payload_type_plain'] = 'una línea de 255 caracteres como máximo';
$string['payload_type_points'] = 'un número de 0 a 10000';
$string['payload_type_position'] = 'nulo o lo que dijo la página anterior';
$string['payload_type_rows'] = 'un número entero de 1 a 5000';
$string['payload_type_section'] = 'una clave de sección';
$string['payload_type_sha1'] = 'un SHA-1 en hexadecimal minúsculo';
$string['payload_type_sha256'] = 'un SHA-256 en hexadecimal minúsculo';
$string['payload_type_somefiles'] = 'un objeto con al menos un archivo';
$string['payload_type_text'] = 'un texto de un megabyte como máximo sin caracteres de control';
$string['payload_type_time'] = 'un momento en segundos enteros desde 1970';
$string['payload_type_trackedmodule'] = 'la clave de un módulo con seguimiento de finalización';
$string['payload_type_unique'] = 'una lista en la que cada clave viene una vez';
$string['payload_unknown'] = '{$a} es desconocido';
$string['payloadinvalid'] = 'La carga útil no es válida: {$a}.';
$string['pluginname'] = 'Complemento de lms-toolkit';
$string['privacy:metadata:files'] = 'Los certificados se ponen entre los archivos privados de sus titulares, donde la institución lo quiera.';
$string['privacy:metadata:outbox'] = 'De quién han cambiado los resultados, durante unas semanas, para que la cuenta de servicio autorizada no tenga que leerlo todo de nuevo.';
$string['privacy:metadata:outbox:courseid'] = 'El curso';
$string['privacy:metadata:outbox:kind'] = 'Qué cambió: una calificación, una finalización, un intento, la matrícula o la cuenta';
$string['privacy:metadata:outbox:thing'] = 'La actividad o el elemento de calificación';
$string['privacy:metadata:outbox:timecreated'] = 'Cuándo cambió';
$string['privacy:metadata:outbox:userid'] = 'De quién es';
$string['questions_none'] = 'no hay preguntas';
$string['questions_some'] = 'no se pudieron importar todas las preguntas';
$string['questions_xml'] = 'no es Moodle XML simple en UTF-8, bien formado y de tamaño razonable';
$string['questionsinvalid'] = 'Las preguntas no se pueden importar: {$a}. No se ha cambiado nada.';
$string['quotafull'] = 'Los archivos privados de esta cuenta no tienen más espacio. No se ha cambiado nada.';
$string['roledescription'] = 'Lo que lms-toolkit necesita para desplegar cursos y leer resultados. Solo para su cuenta de servicio.';
$string['rolename'] = 'Servicio lms-toolkit';
$string['sectionnotfound'] = 'La sección {$a} aún no está en este curso; aplíquela primero.';
$string['settingforced'] = 'Este sitio impone a todos los cursos el ajuste {$a} del libro de calificaciones; permita que cada curso lo fije e inténtelo de nuevo.';
$string['settings'] = 'Ajustes';
$string['taskhealpages'] = 'Reparar las páginas de curso que dejó un despliegue interrumpido de lms-toolkit';
$string['taskprune'] = 'Eliminar los avisos antiguos de resultados modificados';
$string['taskrestore'] = 'Restaurar una copia de seguridad para lms-toolkit';
$string['trackloss'] = 'Los participantes perderían lo que hicieron en: {$a}. No se ha cambiado nada.';
$string['trackloss_answers'] = 'las respuestas a esta encuesta';
$string['trackloss_criteria'] = 'los criterios de esta evaluación entre pares';
$string['trackloss_item'] = '«{$a->title}» ({$a->learners} participante(s))';
$string['trackloss_questions'] = 'las preguntas de este cuestionario';
$string['trackloss_rubric'] = 'la rúbrica de esta tarea';
$string['trackloss_submissions'] = 'lo que se entregó';
$string['zip_bytes'] = 'el archivo «{$a}» ocuparía un espacio desmesurado al descomprimirse';
$string['zip_files'] = 'tiene más de {$a} archivos';
$string['zip_name'] = 'el nombre «{$a}» puede llevar fuera del paquete';
