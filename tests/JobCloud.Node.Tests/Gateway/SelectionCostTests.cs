using System.Collections;
using Google.Protobuf;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>What each call that takes a selection of jobs costs if the selection is huge.</summary>
public sealed class SelectionCostTests : SelectionCallsTest
{
    [Fact]
    public void Every_call_that_takes_a_selection_is_in_the_table()
    {
        var taking =
            from call in CloudCalls.All
            let request = (IMessage)
                Activator.CreateInstance(call.GetType().GetGenericArguments()[0])!
            where request.Descriptor.Fields.InDeclarationOrder().Any(IsSelection)
            select call.Name;
        Assert.Equal(
            taking.Order(),
            ((IEnumerable)Calls)
                .Cast<object[]>()
                .Select(row => ((string)row[0]).Split(' ')[0])
                .Distinct()
                .Order()
        );
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_range_beyond_the_existing_jobs_is_refused_after_a_few_messages(string call)
    {
        var refusal = await RefusalAsync(call, Jobs((1, 1_000_000_000)));
        Assert.Equal((RefusalCode.UnknownJob, (long)Existing + 1), (refusal!.Code, refusal.Jid));
        Assert.InRange(SegmentMessages, 1, 10);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Scattered_jids_beyond_the_existing_jobs_are_refused_after_a_few_messages(
        string call
    )
    {
        var odd = Enumerable.Range(0, 10_000).Select(i => (2L * i + 1, 2L * i + 1));
        var refusal = await RefusalAsync(call, Jobs([.. odd]));
        Assert.Equal(RefusalCode.UnknownJob, refusal!.Code);
        Assert.InRange(SegmentMessages, 1, 10);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_repeated_range_costs_as_much_as_one(string call)
    {
        var jobs = Jobs([.. Enumerable.Repeat((1L, 1_000_000_000L), 50_000)]);
        Assert.Equal(RefusalCode.UnknownJob, (await RefusalAsync(call, jobs))!.Code);
        Assert.InRange(SegmentMessages, 1, 10);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Existing_jobs_cost_as_much_as_once_however_often_they_are_named(string call)
    {
        (long, long)[] forms = [(7, 7), (1, 100), (50, 90), (90, 120)];
        var jobs = Jobs([.. Enumerable.Repeat(forms, 12_500).SelectMany(static some => some)]);
        var refusal = await RefusalAsync(call, jobs);
        Assert.True(refusal is null or { Code: RefusalCode.UnfinishedJob }, refusal?.Message);
        Assert.InRange(SegmentMessages, 1, 10);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Too_many_items_and_invalid_ranges_are_refused_without_a_message(string call)
    {
        var labels = Enumerable
            .Range(0, SelectionCheck.MaxLookUps + 1)
            .Select(i => new SelectionItem { Label = $"label{i}" });
        var many = Enumerable.Repeat((1L, 1L), SelectionCheck.MaxItems + 1);
        Selection[] selections =
        [
            new(),
            new() { Items = { labels } },
            Jobs([.. many]),
            Jobs((5, 3)),
            Jobs((0, 3)),
            Jobs((-5, -3)),
            Jobs((long.MinValue, long.MaxValue)),
        ];
        foreach (
            var selection in selections.Skip(
                call is "Submit" or "Events" or "Events follow" ? 1 : 0
            )
        )
            Assert.Equal(RefusalCode.Usage, (await RefusalAsync(call, selection))!.Code);
        Assert.Equal((0, 0), (SegmentMessages, LookUps));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_repeated_word_is_looked_up_once(string call)
    {
        var all = new SelectionItem { Word = SelectionWord.All };
        var selection = new Selection { Items = { Enumerable.Repeat(all, 50_000) } };
        var refusal = await RefusalAsync(call, selection);
        Assert.True(refusal is null or { Code: RefusalCode.UnfinishedJob }, refusal?.Message);
        Assert.Equal(1, LookUps);
        Assert.InRange(SegmentMessages, 1, 10);
    }

    [Theory]
    [InlineData("Await")]
    [InlineData("Events follow")]
    [InlineData("Submit")]
    public async Task A_request_follows_a_limited_number_of_segments(string call)
    {
        Submitted((2048, 1024), (3072, 1024), (4096, 1024));
        var ranges = new[] { (1L, 1L), (1024L, 1024L), (2048L, 2048L), (3072L, 3072L) };
        var refusal = await RefusalAsync(call, Jobs(ranges));
        Assert.Equal(RefusalCode.TooLarge, refusal!.Code);
        Assert.Contains("at most 3 segments", refusal.Message);
    }

    [Fact]
    public async Task All_requests_of_a_user_follow_a_limited_number_of_segments()
    {
        var jobs = JidRanges.Normalize([JidRanges.Range(1, Existing)]);
        var places = new List<IDisposable>();
        for (var i = 0; i < 6; i++)
            places.Add((await CallAdmission.AdmitAsync(jobs, Ann)).Reply!);
        var refusal = (await CallAdmission.AdmitAsync(jobs, Ann)).Refusal!;
        Assert.Equal(RefusalCode.Busy, refusal.Code);
        places.ForEach(place => place.Dispose());
        Assert.True((await CallAdmission.AdmitAsync(jobs, Ann)).IsGranted);
    }

    private static bool IsSelection(Google.Protobuf.Reflection.FieldDescriptor field) =>
        field.FieldType == Google.Protobuf.Reflection.FieldType.Message
        && field.MessageType == Selection.Descriptor;
}
