using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Blobs;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Tests.Blobs;

public sealed class BlobRulesTests
{
    [Property]
    public void Parts_in_any_order_and_number_make_the_content_or_leave_it_open(
        byte[] content,
        (byte Offset, byte Length)[] parts
    )
    {
        var blob = BlobRules.RefOf(content);
        var received = new List<byte>();
        foreach (var (offset, length) in parts)
        {
            var data = content.Skip(offset).Take(length).ToArray();
            var part = new PutBlobRequest
            {
                Blob = blob,
                Offset = offset,
                Data = ByteString.CopyFrom(data),
            };
            var step = BlobRules.Decide(part, received.Count);
            Assert.Equal(offset > content.Length, step == PartStep.Refuse);
            if (step is PartStep.Take or PartStep.TakeLast)
                received.AddRange(data);
            if (step == PartStep.TakeLast)
            {
                Assert.Equal(content, received);
                return;
            }
        }
        Assert.Equal(content.Take(received.Count), received);
    }

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(0, 11)]
    [InlineData(8, 3)]
    [InlineData(long.MaxValue, 1)]
    public void A_part_outside_of_the_content_is_refused(long offset, int length)
    {
        var part = new PutBlobRequest
        {
            Blob = new BlobRef { Size = 10 },
            Offset = offset,
            Data = ByteString.CopyFrom(new byte[length]),
        };
        Assert.Equal(PartStep.Refuse, BlobRules.Decide(part, 8));
    }

    [Theory]
    [InlineData(SubmissionState.Exists, 1_000, false)]
    [InlineData(SubmissionState.Deleted, 0, true)]
    [InlineData(SubmissionState.Unknown, 59, false)]
    [InlineData(SubmissionState.Unknown, 61, true)]
    public void A_reference_is_stale_when_its_jobs_are_deleted_or_were_never_committed(
        SubmissionState jobs,
        int minutes,
        bool isStale
    ) => Assert.Equal(isStale, BlobRules.IsStale(jobs, TimeSpan.FromMinutes(minutes)));

    [Fact]
    public async Task Contents_over_4_KiB_leave_the_submission_and_small_ones_stay()
    {
        var (small, large) = (new byte[SentContent.InlineBytes], new byte[5_000]);
        var spec = new JobSpec
        {
            Stdin = ByteString.CopyFrom(large),
            Data =
            {
                new Parameter { Name = "a", File = ByteString.CopyFrom(small) },
            },
        };
        var column = new MapColumn { List = new ValueList { Values = { "f", "g" } } };
        column.List.Files.Add(new ColumnFile { Index = 1, Content = ByteString.CopyFrom(large) });
        var kept = new List<ByteString>();

        await SentContents.MoveAsync(
            spec,
            [column],
            bytes =>
            {
                kept.Add(bytes);
                return Task.FromResult(BlobRules.RefOf(bytes.Span));
            }
        );

        Assert.Equal([5_000, 5_000], kept.Select(bytes => bytes.Length));
        Assert.False(spec.HasStdin);
        Assert.Equal(BlobRules.RefOf(large), spec.StdinBlob);
        Assert.Equal(small, spec.Data[0].File.ToByteArray());
        Assert.Null(spec.Data[0].Blob);
        Assert.Equal(BlobRules.RefOf(large), column.List.Files[0].Blob);
        Assert.Empty(column.List.Files[0].Content);
        Assert.Equal([BlobRules.RefOf(large)], SentContents.Blobs(spec, [column]));
    }
}
