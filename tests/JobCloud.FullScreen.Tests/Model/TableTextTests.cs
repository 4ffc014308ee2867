using System.Text.Json;
using JobCloud.Protocol.Api;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class TableTextTests
{
    [Fact]
    public void A_saved_table_is_the_document_of_ls()
    {
        var job = new JobRow
        {
            First = 7,
            Last = 7,
            Status = Status.Done,
        };
        var map = new JobRow
        {
            First = 8,
            Last = 9,
            Counts = { 0, 0, 0, 1, 1, 0, 0, 0 },
        };

        using var saved = JsonDocument.Parse(TableText.Json([job, map], 1));

        var jobs = saved.RootElement.GetProperty("jobs");
        Assert.Equal(1, saved.RootElement.GetProperty("version").GetInt32());
        Assert.Equal("done", jobs[0].GetProperty("status").GetString());
        Assert.Equal(1, jobs[0].GetProperty("counts").GetProperty("done").GetInt64());
        Assert.Equal("processing", jobs[1].GetProperty("status").GetString());
        Assert.Equal(2, jobs[1].GetProperty("counts").EnumerateObject().Count());
    }
}
