# A consumer of a whole stream, which checks what it reads: every record once, in the order of its item, each fitting the one
# before it.  Goes on where it was when a server comes back.
package StreamReader;

use strict;
use warnings;

use Digest::MD5 ();
use JSON::PP ();

my $json = JSON::PP->new->canonical;

# new(cluster, ARN, key attribute)
sub new
{
	my ($class, $cluster, $arn, $key) = @_;
	return bless { cluster => $cluster, arn => $arn, key => $key, items => {}, last => {}, digest => {}, iterators => {}, shards => [],
		complaints => [], records => 0, expired => 0 }, $class;
}

sub call
{
	my ($self, $operation, $body) = @_;
	return $self->{cluster}->call($operation, $body, 'x-amz-target' => "DynamoDBStreams_20120810.$operation");
}

# One page of each shard; the number of records, undef when a request failed.
sub consume
{
	my ($self, $limit) = @_;
	my ($found, $failed) = (0, 0);

	my ($status, $reply) = $self->call('DescribeStream', { StreamArn => $self->{arn} });
	return undef if $status != 200;
	for my $shard (map { $_->{ShardId} } @{ $reply->{StreamDescription}{Shards} })
	{
		my $iterator = $self->{iterators}{$shard} // $self->iterator($shard);
		($status, $reply) = defined $iterator ? $self->call('GetRecords', { ShardIterator => $iterator, Limit => $limit || 1000 }) : (0);
		$failed++, next if $status != 200;
		$self->{iterators}{$shard} = $reply->{NextShardIterator};
		# now and then by the sequence number, as after a restart
		delete $self->{iterators}{$shard} if rand() < 0.05;
		$self->apply($shard, $_) for @{ $reply->{Records} };
		$found += @{ $reply->{Records} };
	}
	$self->{records} += $found;
	return $failed ? undef : $found;
}

# Reads until so many records have come, and then nothing for some rounds; gives up after so many failures, or a minute and a half.
sub finish
{
	my ($self, $wanted) = @_;
	my ($quiet, $failures) = (0, 0);
	my $end = time + 90;

	while (($quiet < 5 || ($self->{records} < $wanted && time < $end)) && $failures < 100)
	{
		my $found = $self->consume;
		if (!defined $found) { $failures++; $quiet = 0; select undef, undef, undef, 0.1 }
		else { $quiet = $found ? 0 : $quiet + 1 }
	}
}

sub iterator
{
	my ($self, $shard) = @_;
	my $last = $self->{last}{$shard};
	my %from = defined $last ? (ShardIteratorType => 'AFTER_SEQUENCE_NUMBER', SequenceNumber => $last) : (ShardIteratorType => 'TRIM_HORIZON');
	my ($status, $reply) = $self->call('GetShardIterator', { StreamArn => $self->{arn}, ShardId => $shard, %from });
	return $status == 200 ? $reply->{ShardIterator} : undef;
}

sub apply
{
	my ($self, $shard, $record) = @_;
	my ($items, $change) = ($self->{items}, $record->{dynamodb});
	my $id = $change->{Keys}{ $self->{key} }{S};
	my $number = $change->{SequenceNumber};

	# numbers only rise, so none comes twice
	$self->complain("$number comes after $self->{last}{$shard}") if defined $self->{last}{$shard} && $number le $self->{last}{$shard};
	$self->{last}{$shard} = $number;
	my $had = $items->{$id} ? $json->encode($items->{$id}) : 'nothing';
	my $old = $change->{OldImage} ? $json->encode($change->{OldImage}) : 'nothing';
	$self->complain("$number ($record->{eventName}): $id was $had, not $old") if $had ne $old;
	my $expected = $had eq 'nothing' ? 'INSERT' : $change->{NewImage} ? 'MODIFY' : 'REMOVE';
	$self->complain("$number is $record->{eventName}, not $expected") if $record->{eventName} ne $expected;
	$self->complain("$number changes nothing") if $change->{NewImage} && $json->encode($change->{NewImage}) eq $had;
	$self->complain("$number shows what was rolled back") if $change->{NewImage} && $change->{NewImage}{never};
	if ($record->{userIdentity})
	{
		$self->{expired}++;
		my $time = $change->{OldImage}{expires}{N};
		$self->complain("$number expired, with " . ($time // 'no time')) if $expected ne 'REMOVE' || !defined $time || $time > time + 1;
	}
	if ($change->{NewImage}) { $items->{$id} = $change->{NewImage} }
	else { delete $items->{$id} }
	$self->{digest}{$shard} = Digest::MD5::md5_hex(($self->{digest}{$shard} // '') . $record->{eventID} . $number);
}

sub complain
{
	my ($self, $text) = @_;
	push @{ $self->{complaints} }, $text if @{ $self->{complaints} } < 20;
}

# What it has read, in a few characters: the same for all who have read the same.
sub digest
{
	my ($self) = @_;
	return "$self->{records} records " . Digest::MD5::md5_hex(join ' ', map { "$_ $self->{digest}{$_}" } sort keys %{ $self->{digest} });
}

# All items, as text.
sub items { my ($self) = @_; return $json->encode($self->{items}); }

1;
