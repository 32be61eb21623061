/*
 * Preloaded into a server, this moves its time of day by the seconds that the file of DYNAMO_CLOCK_FILE holds as text.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	static int	(*real) (struct timeval *, void *);
	char		text[32] = "";
	const char *name = getenv("DYNAMO_CLOCK_FILE");
	int			file = name ? open(name, O_RDONLY) : -1;
	int			result;

	if (!real)
		*(void **) &real = dlsym(RTLD_NEXT, "gettimeofday");
	result = real(now, zone);
	if (file >= 0)
	{
		if (read(file, text, sizeof(text) - 1) > 0)
			now->tv_sec += atol(text);
		close(file);
	}
	return result;
}
