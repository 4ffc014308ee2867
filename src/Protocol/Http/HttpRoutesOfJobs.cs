using JobCloud.Protocol.Access;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using static JobCloud.Protocol.Http.HttpParameter;

namespace JobCloud.Protocol.Http;

/// <summary>The routes of jobs.</summary>
public static partial class HttpRoutes
{
    private static HttpParameter Attempt =>
        Number("attempt", "the attempt; default: the newest", least: 1);

    private static HttpParameter Timeout =>
        Duration("timeout", "the longest wait, such as 90s; default: no limit");

    private static HttpParameter Inside =>
        Number(
            "inside",
            "the job that waits, if the request comes from one: if the others cannot start beside it, the wait ends with timeout",
            least: 1
        ) with
        {
            Most = long.MaxValue,
        };

    private static HttpParameter Follow =>
        Flag("follow", "keep sending new data; for output, until the job ends");

    private static HttpParameter Since =>
        Instant(
            "since",
            "only data newer than this time: 10m (ten minutes ago) or 2026-11-22T15:04"
        );

    private static IEnumerable<HttpRoute> Jobs() =>
        [
            Post(
                "submitJobs",
                "/v1/jobs",
                CloudCalls.Submit,
                "Submits a job, a map or up to 1,000 of them."
            ) with
            {
                TakesSubmissions = true,
                Success = 201,
                Documents = [typeof(SubmittedDocument), typeof(SubmissionsDocument)],
            },
            Get(
                "listJobs",
                "/v1/jobs",
                CloudCalls.List,
                "Lists jobs, newest first; a map is one row."
            ) with
            {
                Query =
                [
                    Word("query", "a query, such as 'failed created>1d', or a jid list"),
                    Number("limit", "the number of rows; default: 50", least: 1),
                    Number(
                        "after",
                        "only jobs below this jid: the first jid of the last row",
                        least: 1
                    ),
                    Flag("expand", "a row for each job of a map"),
                    Flag("deleted", "the deleted jobs"),
                    Instant(
                        "as_of",
                        "the jobs as they were at this time: 2h (two hours ago) or 2026-11-22T15:04"
                    ),
                ],
                Documents = [typeof(ListDocument)],
            },
            Get(
                "activity",
                "/v1/activity",
                CloudCalls.Activity,
                "Counts the jobs that were submitted, started and ended in each span of a past period."
            ) with
            {
                Query =
                [
                    Instant("since", "the start: 1h (an hour ago) or 2026-11-22T15:04") with
                    {
                        IsRequired = true,
                    },
                    Instant("until", "the end; default: now"),
                    Duration("span", "the length of a span; default: a sixtieth of the period"),
                ],
                Documents = [typeof(ActivityDocument)],
            },
            Get(
                "jobStatus",
                "/v1/jobs/{jids}",
                CloudCalls.Status,
                "Shows the status of jobs; a map is one object."
            ) with
            {
                Query = [Flag("expand", "an object for each job of a map")],
                Documents = [typeof(StatusDocument)],
            },
            Get(
                "jobInfo",
                "/v1/jobs/{jids}/info",
                CloudCalls.Info,
                "Shows details of jobs, live while they run."
            ) with
            {
                Documents = [typeof(InfoDocument)],
                Query = [Word("items", "comma-separated items, as of 'jobcloud info --help'")],
            },
            Get(
                "jobPorts",
                "/v1/jobs/{jids}/ports",
                CloudCalls.Info,
                "Shows the ports on which jobs listen."
            ) with
            {
                Documents = [typeof(InfoDocument)],
            },
            Get(
                "jobResults",
                "/v1/jobs/{jids}/results",
                CloudCalls.Await,
                "Waits for jobs and shows their results as text."
            ) with
            {
                Documents = [typeof(ResultsDocument)],
                Query = [Timeout, Flag("ignore_errors", "show failures in place of results")],
                Waits = true,
            },
            Get(
                "waitForJobs",
                "/v1/jobs/{jids}/wait",
                CloudCalls.Await,
                "Waits until jobs finish; refuses with bad-end if one is not done."
            ) with
            {
                Documents = [typeof(FinishedDocument)],
                Query = [Timeout, Flag("all", "wait for all jobs even if one fails"), Inside],
                Waits = true,
            },
            Get(
                "jobEnds",
                "/v1/jobs/{jids}/ends",
                CloudCalls.Await,
                "Sends a line whenever some of the jobs end, until all have ended."
            ) with
            {
                Documents = [typeof(EndsDocument)],
                Query = [Inside],
                Answers = [MediaTypes.Lines],
                Waits = true,
            },
            Get(
                "waitForJob",
                "/v1/jobs/{jid}/wait-for",
                CloudCalls.Await,
                "Waits until a job has a status or listens on a port; fails once that is impossible."
            ) with
            {
                Documents = [typeof(ReachedStatusDocument), typeof(PortDocument)],
                Query =
                [
                    Word("status", $"a status: {string.Join(", ", StatusNames.All)}"),
                    Word("port", "a port, such as 8000 or 53/udp"),
                    Timeout,
                ],
                Waits = true,
            },
            Events(
                "jobEvents",
                "/v1/jobs/{jids}/events",
                "Shows the history of jobs, newest last."
            ),
            Events("allEvents", "/v1/events", "Shows the history of all your jobs, newest last."),
            Get(
                "jobOutput",
                "/v1/jobs/{jid}/output/{stream}",
                CloudCalls.Output,
                $"Sends a stream of a job, byte for byte: {string.Join(", ", OutputStreamNames.All)}."
            ) with
            {
                Query =
                [
                    Follow,
                    Number("tail", "only the last lines", least: 1),
                    Since,
                    Attempt,
                    Word(
                        "grep",
                        "only the lines that contain this text; its case matters only if it has an upper-case letter"
                    ),
                    Flag("regex", "the text of 'grep' is a regular expression"),
                ],
                Answers = [MediaTypes.Bytes],
                Waits = true,
            },
            Get(
                "jobFiles",
                "/v1/jobs/{jid}/files",
                CloudCalls.Files,
                "Lists the job's own directory, or sends a file of it."
            ) with
            {
                Documents = [typeof(FilesDocument)],
                Query = [Word("path", "a file or directory in it"), Attempt],
                Answers = [MediaTypes.Json, MediaTypes.Bytes],
            },
            Get(
                "explainJob",
                "/v1/jobs/{jid}/explain",
                CloudCalls.Explain,
                "Explains why a job waits, for each node, or why it ended."
            ) with
            {
                Documents = [typeof(ExplainDocument)],
            },
            Post("killJobs", "/v1/jobs/{jids}/kill", CloudCalls.Kill, "Kills jobs.") with
            {
                Query = [Duration("grace", "the time from SIGTERM to SIGKILL")],
                Documents = [typeof(ChangeDocument)],
            },
            Post(
                "retryJobs",
                "/v1/jobs/{jids}/retry",
                CloudCalls.Retry,
                "Runs failed and killed jobs again, each as a new attempt."
            ) with
            {
                Documents = [typeof(ChangeDocument)],
            },
            Post(
                "prioritizeJobs",
                "/v1/jobs/{jids}/prioritize",
                CloudCalls.Prioritize,
                "Changes the priority of unfinished jobs."
            ) with
            {
                Query =
                [
                    Number("priority", "the new priority; lower runs first", int.MinValue) with
                    {
                        IsRequired = true,
                    },
                ],
                Documents = [typeof(ChangeDocument)],
            },
            Delete(
                "deleteJobs",
                "/v1/jobs/{jids}",
                CloudCalls.Delete,
                "Deletes finished jobs."
            ) with
            {
                Documents = [typeof(ChangeDocument)],
            },
            Post(
                "purgeJobs",
                "/v1/purge",
                CloudCalls.Purge,
                "Deletes all finished jobs that match; others stay. One of query and older_than is required."
            ) with
            {
                Query =
                [
                    Word("query", "the finished jobs to purge, such as 'label~night status=done'"),
                    Duration(
                        "older_than",
                        "only jobs that finished at least this long ago, such as 30d"
                    ),
                    Flag("dry_run", "only count the jobs that match"),
                ],
                Documents = [typeof(ChangeDocument)],
            },
        ];

    private static HttpRoute Events(string id, string template, string summary) =>
        Get(id, template, CloudCalls.Events, summary) with
        {
            Query = [Follow, Number("tail", "only the last past events", least: 1), Since],
            Answers = [MediaTypes.Json, MediaTypes.Lines, MediaTypes.ServerEvents],
            Documents = [typeof(EventsDocument)],
            Waits = true,
        };
}
