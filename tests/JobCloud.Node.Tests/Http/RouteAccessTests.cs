using JobCloud.Protocol;
using JobCloud.Protocol.Http;

namespace JobCloud.Node.Tests.Http;

/// <summary>Every route, for callers of every role.</summary>
public sealed class RouteAccessTests(HttpFixture api) : IClassFixture<HttpFixture>
{
    public static TheoryData<string, Role> Refused
    {
        get
        {
            var rows = new TheoryData<string, Role>();
            foreach (var route in HttpRoutes.All)
            foreach (var role in new[] { Role.Unspecified, Role.ReadOnly, Role.User })
                if (route.Call is { } call && role < call.MinimumRole)
                    rows.Add(route.Id, role);
            return rows;
        }
    }

    public static TheoryData<string> OfJobs =>
        [
            .. HttpRoutes
                .All.Where(route => route.Template.Names.Any(name => name is "jid" or "jids"))
                .Select(route => route.Id),
        ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_role_below_that_of_the_call_is_refused(string id, Role role)
    {
        var route = HttpRoutes.All.Single(one => one.Id == id);
        var (status, body) = await api.AskAsync("bob", role, route.Method, TargetOf(route, 1));
        Assert.Equal(403, status);
        Assert.Contains("\"code\":\"not-allowed\"", body);
    }

    [Theory]
    [MemberData(nameof(OfJobs))]
    public async Task A_job_of_another_user_is_refused_and_stays_as_it_is(string id)
    {
        var jid = await api.SubmitAsync("ann");
        var before = await api.AskAsync("ann", Role.User, "GET", $"/v1/jobs/{jid}/events");
        var route = HttpRoutes.All.Single(one => one.Id == id);
        foreach (var role in new[] { Role.ReadOnly, Role.User })
        {
            var (status, body) = await api.AskAsync(
                "bob",
                role,
                route.Method,
                TargetOf(route, jid)
            );
            Assert.True(status == 403, $"{status} {body}");
        }
        Assert.Equal(before, await api.AskAsync("ann", Role.User, "GET", $"/v1/jobs/{jid}/events"));
    }

    [Fact]
    public async Task A_user_lists_and_follows_only_own_jobs()
    {
        var jid = await api.SubmitAsync("ann");
        foreach (var target in new[] { "/v1/jobs", "/v1/jobs/all", "/v1/events" })
        {
            var (status, body) = await api.AskAsync("eve", Role.User, "GET", target);
            Assert.True(status is 200 or 404, $"{status} {body}");
            Assert.DoesNotContain($"{jid}", body);
        }
    }

    private static string TargetOf(HttpRoute route, long jid)
    {
        var path = route
            .Template.Text.Replace("{jids}", $"{jid}")
            .Replace("{jid}", $"{jid}")
            .Replace("{stream}", "stdout")
            .Replace("{node}", "here")
            .Replace("{name}", "x")
            .Replace("{sha256}", new string('0', 64));
        return route.Id == "waitForJob" ? $"{path}?status=done"
            : route.Query.Any(one => one.IsRequired) ? $"{path}?priority=3"
            : path;
    }
}
