/*
 * Runs the queue of long work.
 */
#ifndef DYN_JOB_PROCESS_H
#define DYN_JOB_PROCESS_H

/* One step of the job that is due first and that nobody works on; true when there is more to do. */
extern bool dyn_job_process_step(void);
/* In the scheduler: starts a process for each job that is due, as far as there is room. */
extern long dyn_job_process_dispatch(void);

extern PGDLLEXPORT void dynamo_job_main(Datum unused);

#endif
