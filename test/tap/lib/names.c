/*
 * Preloaded into a server, this makes the name "slow.test" that of 127.0.0.1, once the file of DYNAMO_NAMES_FILE
 * exists: whoever asks before waits for it.  Each question writes its process id into a file of that name and ".asked".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
			struct addrinfo **restrict result)
{
	static int	(*real) (const char *, const char *, const struct addrinfo *, struct addrinfo **);
	const char *file = getenv("DYNAMO_NAMES_FILE");
	char		asked[1024];
	char		line[32];
	int			log;

	if (!real)
		*(void **) &real = dlsym(RTLD_NEXT, "getaddrinfo");
	if (!file || !name || strcmp(name, "slow.test") != 0)
		return real(name, service, hints, result);
	snprintf(asked, sizeof(asked), "%s.asked", file);
	log = open(asked, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (log >= 0)
	{
		snprintf(line, sizeof(line), "%d\n", (int) getpid());
		if (write(log, line, strlen(line)) < 0)
			abort();
		close(log);
	}
	while (access(file, F_OK) != 0)
		usleep(10000);
	return real("127.0.0.1", service, hints, result);
}
