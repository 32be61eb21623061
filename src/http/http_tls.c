/*
 * The endpoint's certificate and key.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "utils/guc.h"

#include "base/guc.h"
#include "http/http_tls.h"

#define MAX_PEM_SIZE (1024 * 1024)

static const char *certificate_file(void);
static const char *key_file(void);
static char *read_file(const char *name, bool secret, int elevel);
static void append_file_state(StringInfo out, const char *name);

bool
dyn_http_tls_load(DynHttpTls *tls, int elevel)
{
	tls->certificate = NULL;
	tls->key = NULL;
	if (!dyn_guc_ssl)
		return true;
	tls->certificate = read_file(certificate_file(), false, elevel);
	if (tls->certificate == NULL)
		return false;
	tls->key = read_file(key_file(), true, elevel);
	if (tls->key != NULL)
		return true;
	dyn_http_tls_free(tls);
	return false;
}

void
dyn_http_tls_free(DynHttpTls *tls)
{
	if (tls->key != NULL)
	{
		explicit_bzero(tls->key, strlen(tls->key));
		pfree(tls->key);
	}
	if (tls->certificate != NULL)
		pfree(tls->certificate);
	tls->certificate = NULL;
	tls->key = NULL;
}

void
dyn_http_tls_fingerprint(StringInfo out)
{
	if (!dyn_guc_ssl)
		return;
	append_file_state(out, certificate_file());
	append_file_state(out, key_file());
}

static const char *
certificate_file(void)
{
	return dyn_guc_ssl_cert_file[0] != '\0' ? dyn_guc_ssl_cert_file : GetConfigOption("ssl_cert_file", false, false);
}

static const char *
key_file(void)
{
	return dyn_guc_ssl_key_file[0] != '\0' ? dyn_guc_ssl_key_file : GetConfigOption("ssl_key_file", false, false);
}

static char *
read_file(const char *name, bool secret, int elevel)
{
	int			fd = open(name, O_RDONLY | O_CLOEXEC);
	struct stat state;
	char	   *text;
	ssize_t		length;

	if (fd < 0 || fstat(fd, &state) != 0)
	{
		ereport(elevel, (errcode_for_file_access(), errmsg("could not open file \"%s\" for the endpoint: %m", name)));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if (!S_ISREG(state.st_mode) || state.st_size > MAX_PEM_SIZE || (secret && (state.st_mode & S_IRWXO) != 0))
	{
		ereport(elevel,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("file \"%s\" cannot be used for the endpoint", name),
				 secret && (state.st_mode & S_IRWXO) != 0 ?
				 errdetail("The private key is accessible to everybody.") :
				 errdetail("It is no regular file in PEM form.")));
		close(fd);
		return NULL;
	}
	text = palloc(state.st_size + 1);
	length = read(fd, text, state.st_size);
	close(fd);
	text[Max(length, 0)] = '\0';
	return text;
}

static void
append_file_state(StringInfo out, const char *name)
{
	struct stat state;

	appendStringInfo(out, "|%s", name);
	if (stat(name, &state) == 0)
		appendStringInfo(out, "|%lld|%lld|%lld", (long long) state.st_mtime, (long long) state.st_size,
						 (long long) state.st_ino);
}
