using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>The report of a change to jobs: empty, except in JSON.</summary>
internal static class ChangeReports
{
    public static Report Of(ChangeReply reply) =>
        new Report.Nothing(json =>
        {
            json.WriteNumber("selected", reply.Selected);
            json.WriteNumber("changed", reply.Changed);
        });
}
